"""mail-spf: one SPF record that parses and costs no more than ten look-ups (RFC 7208)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.spf_walk import walk_spf
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Remedy, Severity
from samdrift.model.mail.spf import MOST_LOOKUPS, MOST_VOID

DNS = "dns-operator"


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The domain's own record, then all that it leads to."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    own, rrset = hand.lookup(hand.seen.zone, types.TXT), f"{hand.text}/TXT"
    if own.failure is not None:
        ledger.unknown(own.failure, f"the SPF record of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if not hand.spf_texts and not hand.terms.mail and not hand.mx and hand.mx_unknown is None:
        return ledger.not_applicable(f"{hand.seen.name} has no MX")
    _servers(ledger, rrset)
    if not hand.spf_texts:
        ledger.note("none", f"{hand.seen.name} has no SPF record", rrset=rrset, remedy=Remedy("Publish an SPF record", record=_proposed(hand), by=DNS), rests_on=[own])
    elif len(hand.spf_texts) > 1:
        ledger.note("multiple", f"{hand.seen.name} has {len(hand.spf_texts)} SPF records: receivers take none", rrset=rrset, value={"records": hand.spf_texts}, remedy=Remedy("Keep one SPF record and remove the others", record=_line(hand, hand.spf_texts[0]), by=DNS), rests_on=[own])
    else:
        _walk(ledger, rrset)
    text = hand.spf_texts[0] if hand.spf_texts else ""
    return ledger.findings(well=f"one SPF record: {text[:200]}", rests_on=[own])


def _line(hand: PresenceInHand, text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{hand.text} IN TXT "{quoted}"'


def _proposed(hand: PresenceInHand) -> str:
    return _line(hand, "v=spf1 mx -all" if hand.takes_mail else "v=spf1 -all")


def _servers(ledger: PresenceLedger, rrset: str) -> None:
    for address, said in sorted(ledger.hand.differing(types.TXT, spf=True).items()):
        ledger.note("servers-differ", f"{address} has SPF {', '.join(said)[:200] or 'none'}, others have not", address=address, part=address, rrset=rrset, value={"answers": said}, remedy=Remedy("Let every server of the zone have the same version of it: look at serial and transfer", by=DNS))


def _walk(ledger: PresenceLedger, rrset: str) -> None:
    hand = ledger.hand
    walked = walk_spf(hand)
    for domain, error in walked.errors:
        part = None if domain == hand.seen.name else domain
        ledger.note("syntax", f"the SPF record of {domain} does not parse: {error}", part=part, rrset=rrset if part is None else f"{domain}./TXT", remedy=Remedy(f"Correct the term in the SPF record of {domain}", record=_line(hand, hand.spf_texts[0]) if part is None else None, by=DNS))
    for domain, why in walked.broken:
        ledger.note("include-broken", f"{domain} is included but {why}", part=domain, rrset=rrset, remedy=Remedy(f"Remove include:{domain}, or have its owner publish one SPF record", record=_without(hand, domain), by=DNS))
    if walked.lookups > MOST_LOOKUPS:
        what = f"{walked.loop} includes itself" if walked.loop else f"more than {MOST_LOOKUPS} look-ups"
        ledger.note("too-many-lookups", f"the SPF record costs too many look-ups: {what}", rrset=rrset, value={"lookups": walked.lookups, "loop": walked.loop}, remedy=Remedy("Take away includes that are not needed, or replace a, mx and include by ip4 and ip6", record=_without(hand, walked.loop) if walked.loop else _proposed(hand), by=DNS))
    elif len(walked.void) > MOST_VOID:
        ledger.note("void-lookups", f"{len(walked.void)} names in the SPF record do not exist: receivers may give up after {MOST_VOID}", rrset=rrset, value={"names": tuple(walked.void)}, remedy=Remedy(f"Remove the terms for {', '.join(walked.void)}", record=_line(hand, hand.spf_texts[0]), by=DNS))
    for domain, reason in walked.unknown:
        ledger.unknown(reason, f"what the SPF record needs of {domain} could not be found out", part=domain)


def _without(hand: PresenceInHand, domain: str) -> str:
    """The domain's record without what names another."""
    words = [word for word in hand.spf_texts[0].split(" ") if not word.lower().rstrip(".").endswith((f":{domain}", f"={domain}"))]
    return _line(hand, " ".join(words))


CHECK = Check(
    id="mail-spf",
    category="mail",
    title="One SPF record that holds",
    requirement="A domain with mail has one SPF record that parses and costs at most ten look-ups; one without says v=spf1 -all.",
    remedy="Publish one TXT record v=spf1 with the servers that send, ended by -all.",
    codes=(
        Code("none", Severity.FAILURE, "The domain has no SPF record.", ("zonemaster:Z11_NO_SPF_FOUND",)),
        Code("multiple", Severity.FAILURE, "The domain has several SPF records.", ("zonemaster:Z11_SPF_MULTIPLE_RECORDS",)),
        Code("syntax", Severity.FAILURE, "An SPF record does not parse.", ("zonemaster:Z11_SPF_SYNTAX_ERROR",)),
        Code("too-many-lookups", Severity.FAILURE, "More than ten look-ups, or a loop of includes (RFC 7208 4.6.4)."),
        Code("include-broken", Severity.FAILURE, "An included domain has no SPF record, or several (RFC 7208 5.2)."),
        Code("void-lookups", Severity.WARNING, "More than two look-ups find nothing (RFC 7208 4.6.4)."),
        Code("servers-differ", Severity.WARNING, "The zone's servers have different SPF records.", ("zonemaster:Z11_INCONSISTENT_SPF_POLICIES",)),
    ),
    needs=("presence", "mail"),
    references=("zonemaster:ZONE11", "internetnl:spf", "rfc:7208"),
    judge=judge,
)
