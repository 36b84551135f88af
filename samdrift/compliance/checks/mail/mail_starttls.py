"""mail-starttls: every mail exchanger offers STARTTLS on every address, and the handshake succeeds (RFC 3207)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.presence.talks import MailTalk


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address of each mail exchanger; one that is not reached is unknown here, and ipv6-mx's matter over IPv6."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if hand.mx_unknown is not None:
        ledger.unknown(hand.mx_unknown, f"the MX of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if not hand.takes_mail:
        return ledger.not_applicable(f"{hand.seen.name} takes no mail")
    if hand.unfound:
        return ledger.not_applicable(f"no mail exchanger of {hand.seen.name} has an address")
    talks = [talk for host in hand.mail_hosts for talk in hand.mail_talks(host.name)]
    for talk in talks:
        _talk(ledger, talk, others=any(other.host == talk.host and other.closed is None for other in talks))
    for host in hand.mail_hosts:
        if not hand.mail_talks(host.name) and (host.addresses or host.unknown):
            ledger.unknown(hand.seen.stopped or next(iter(host.unknown.values()), Reason.NO_DATA), f"{shown_name(host.name)} was not met", part=shown_name(host.name))
    return ledger.findings(well=f"STARTTLS on {len(talks)} addresses", rests_on=[hand.lookup(hand.seen.zone, types.MX), *talks])


def _talk(ledger: PresenceLedger, talk: MailTalk, *, others: bool) -> None:
    if talk.closed is not None and others and ":" in talk.address and ledger.hand.trouble(talk)[1]:
        ledger.skip(talk.address, talk.closed)  # a lack over IPv6 alone is told by ipv6-mx
    elif talk.closed is not None:
        ledger.unknown(ledger.hand.trouble(talk)[0], f"{talk.host} does not answer on port 25", part=talk.host, address=talk.address)
    elif talk.tls is not None and talk.tls.version is None:
        if talk.tls.failed is Reason.ALGORITHM_UNSUPPORTED:
            ledger.unknown(talk.tls.failed, f"our own TLS could not meet {talk.host} ({talk.tls.error})", part=talk.host, address=talk.address)
            return
        ledger.note("no-starttls", f"{talk.host} offers STARTTLS but the handshake fails ({talk.tls.error})", host=talk.host, address=talk.address, value={"error": talk.tls.error}, remedy=_remedy(talk), rests_on=[talk])
    elif talk.starttls is False:
        ledger.note("no-starttls", f"{talk.host} does not offer STARTTLS", host=talk.host, address=talk.address, remedy=_remedy(talk), rests_on=[talk])
    elif talk.starttls is None or talk.tls is None:
        ledger.unknown(talk.failed or Reason.NO_DATA, f"{talk.host} did not come to an offer of STARTTLS", part=talk.host, address=talk.address)


def _remedy(talk: MailTalk) -> Remedy:
    return Remedy(f"Give {talk.host} a certificate and let it offer STARTTLS", command="postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/etc/postfix/chain.pem", by="mail-operator")


CHECK = Check(
    id="mail-starttls",
    category="mail",
    title="Mail servers offer STARTTLS",
    requirement="Every mail exchanger offers STARTTLS on every address, and the handshake succeeds.",
    remedy="Give the mail server a certificate and switch STARTTLS on.",
    codes=(Code("no-starttls", Severity.FAILURE, "A mail exchanger offers no STARTTLS that works.", ("internetnl:starttls_exists",)),),
    needs=("presence", "mail-servers"),
    references=("internetnl:starttls_exists", "rfc:3207"),
    judge=judge,
)
