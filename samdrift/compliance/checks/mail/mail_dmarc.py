"""mail-dmarc: a DMARC record that receivers find and can read, and whose reports are wanted where they go (RFC 9989, 9990)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.dmarc_walk import DmarcFound, find_dmarc, found_on_walk
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.mail.dmarc import dmarc_records, organizational_domain

DNS = "dns-operator"
MOST_ERRORS = 5
"""Of one record that are told."""


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The record that holds for the zone, its syntax, and its reports' receivers."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    own, rrset = hand.lookup(hand.below("_dmarc"), types.TXT), f"_dmarc.{hand.text}/TXT"
    if own.failure is not None:
        ledger.unknown(own.failure, f"the DMARC record of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    found = find_dmarc(hand)
    if not hand.dmarc_texts and not hand.terms.mail and not hand.takes_mail and hand.mx_unknown is None:
        return ledger.not_applicable(f"{hand.seen.name} takes no mail and has no DMARC record of its own")
    proposed = f'_dmarc.{hand.text} IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{hand.seen.name}"'
    if len(hand.dmarc_texts) > 1:
        ledger.note("multiple", f"{hand.seen.name} has {len(hand.dmarc_texts)} DMARC records: receivers take none", rrset=rrset, value={"records": hand.dmarc_texts}, remedy=Remedy("Keep one DMARC record and remove the others", record=f'_dmarc.{hand.text} IN TXT "{hand.dmarc_texts[0]}"', by=DNS), rests_on=[own])
    elif found.unknown is not None:
        ledger.unknown(found.unknown, f"the DMARC record that holds for {hand.seen.name} could not be found out")
    elif found.record is None:
        ledger.note("none", f"no DMARC record is found for {hand.seen.name}", rrset=rrset, remedy=Remedy("Publish a DMARC record; begin with p=none and read the reports if mail is sent from places not known", record=proposed, by=DNS), rests_on=[own])
    else:
        _record(ledger, found)
    return ledger.findings(well=f"a DMARC record at {found.domain}: {found.record.text[:200] if found.record else ''}", value={"domain": found.domain}, rests_on=[own])


def _record(ledger: PresenceLedger, found: DmarcFound) -> None:
    hand, record = ledger.hand, found.record
    assert record is not None
    rrset = f"_dmarc.{found.domain}./TXT"
    for error in record.errors[:MOST_ERRORS]:
        ledger.note("syntax", f"the DMARC record of {found.domain}: {error}", rrset=rrset, value={"record": record.text}, remedy=Remedy("Correct the tag", record=f'_dmarc.{found.domain}. IN TXT "v=DMARC1; p={record.policy if record.policy != "none" else "reject"}; rua=mailto:dmarc@{found.domain}"', by=DNS))
    for host in record.report_hosts:
        allowed, reason = _wanted(hand, found.domain, host)
        if reason is not None:
            ledger.unknown(reason, f"whether {host} takes reports for {found.domain} could not be found out", part=host)
        elif not allowed:
            record_text = f'{found.domain}._report._dmarc.{host}. IN TXT "v=DMARC1"'
            ledger.note("rua-not-authorised", f"{host} does not say that it takes reports for {found.domain}: none are sent", part=host, rrset=rrset, value={"host": host}, remedy=Remedy(f"Have {host} publish that it takes the reports, or send them within {found.domain}", record=record_text, by=DNS))


def _wanted(hand: PresenceInHand, domain: str, host: str) -> tuple[bool, Reason | None]:
    """Whether reports for a domain may go to a host: of the same organization, or it says so (RFC 9990 4)."""
    if host == domain or host.endswith(f".{domain}"):
        return True, None
    said = hand.lookup(f"{domain}._report._dmarc.{host}", types.TXT)
    if dmarc_records(hand.texts(f"{domain}._report._dmarc.{host}")):
        return True, None
    mine, unknown = found_on_walk(hand, domain)
    theirs, also_unknown = found_on_walk(hand, host)
    if unknown is None and also_unknown is None and theirs and organizational_domain(domain, mine) == organizational_domain(host, theirs):
        return True, None
    return False, said.failure


CHECK = Check(
    id="mail-dmarc",
    category="mail",
    title="A DMARC record that is found and read",
    requirement="A domain with mail has one DMARC record, its own or found up the tree, that parses, and reports go where they are wanted.",
    remedy="Publish one TXT record at _dmarc with v=DMARC1, a policy and an address for reports.",
    codes=(
        Code("none", Severity.FAILURE, "No DMARC record is found.", ("internetnl:dmarc",)),
        Code("multiple", Severity.FAILURE, "The domain has several DMARC records: receivers take none (RFC 9989 4.10)."),
        Code("syntax", Severity.FAILURE, "The DMARC record has a tag that cannot be read."),
        Code("rua-not-authorised", Severity.WARNING, "Reports go to a domain that has not said that it takes them (RFC 9990)."),
    ),
    needs=("presence", "mail"),
    references=("internetnl:dmarc", "rfc:9989", "rfc:9990"),
    judge=judge,
)
