"""Lessons of mail."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

MAIL: Mapping[str, Lesson] = {
    "mail-mx": Lesson(
        "MX says where mail goes. An alias or a name that does not resolve loses mail without a word to the sender for days.",
        "MX is asked of each server; each name is resolved; a null MX (RFC 7505) must stand alone.",
        "krokom.example. IN MX 10 mx1.krokom.example.  ·  no mail: krokom.example. IN MX 0 .",
    ),
    "mail-spf": Lesson(
        "Without SPF anybody sends as you. One that is broken, or needs more than ten look-ups, counts as an error, and honest mail is refused.",
        "TXT of each server is read; the record is parsed and its includes followed and counted.",
        'krokom.example. IN TXT "v=spf1 mx -all"  ·  no mail: "v=spf1 -all"',
    ),
    "mail-spf-policy": Lesson(
        "A record that ends in +all or ?all permits everybody: it is no protection.",
        "The last mechanism, or that of the record it redirects to, is read.",
        "… ~all   or   … -all",
    ),
    "mail-dmarc": Lesson(
        "DMARC tells receivers what to do with forged mail, and tells you who forges.",
        "The policy is looked up by the tree walk of RFC 9989 and parsed; report addresses in other domains must have allowed it.",
        '_dmarc.krokom.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@krokom.example"',
    ),
    "mail-dmarc-policy": Lesson(
        "p=none asks receivers to deliver forged mail.",
        "The policy in force for the domain is read, with t=y (testing).",
        "p=quarantine, later p=reject",
    ),
    "mail-mx-dnssec": Lesson(
        "If the MX names are not signed, an attacker can lead mail elsewhere even though your own zone is signed, and DANE gives nothing.",
        "The chain of each MX name's zone is verified from the anchor.",
        "Ask the mail provider for MX names in a signed zone.",
    ),
    "mail-dkim": Lesson(
        "DKIM lets receivers see that mail was not changed, and makes DMARC work through forwarding.",
        "_domainkey must exist; each selector of the inventory is read, its key parsed and counted in bits.",
        's2026._domainkey.krokom.example. IN TXT "v=DKIM1; k=rsa; p=MIIB…"',
    ),
    "mail-starttls": Lesson(
        "Without STARTTLS, mail with health and social matters goes in clear over the internet.",
        "Each address of each MX is connected to on port 25 and asked for STARTTLS; ours must work (vantage smtp), else undetermined.",
        "smtpd_tls_security_level = may   (Postfix main.cf, with smtpd_tls_chain_files)",
    ),
}
