"""tls-caa: the zone says which authorities may issue certificates (RFC 8659)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed
from samdrift.model.dns.names import ROOT, Name, parent
from samdrift.model.dns.service_records import Caa, read_caa
from samdrift.model.finding import Finding, Remedy, Severity
from samdrift.model.presence.lookup import Lookup

CRITICAL = 0x80
TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
"""IANA, CAA property tags, seen 2026-11."""


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """For each web name the nearest CAA set upwards."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    hosts = [host for host in hand.web_hosts if hand.has_web(host.name)]
    if not hosts:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"{hand.seen.name} has no web")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
    used = [found for host in hosts if (found := _of(ledger, host.name)) is not None]
    return ledger.findings(well="the authorities that may issue are named", rests_on=used)


def _of(ledger: PresenceLedger, host: Name) -> Lookup | None:
    hand, at = ledger.hand, host
    name = shown_name(host)
    remedy = Remedy("Name the authorities that may issue for the zone", record=f'{hand.text} IN CAA 0 issue "letsencrypt.org"', by="dns-operator")
    while at != ROOT:
        found = hand.lookup(at, types.CAA)
        if found.failure is not None:
            ledger.unknown(found.failure, f"the CAA records of {name} could not be found out", part=name)
            return None
        if found.records:
            for record in found.records:
                if why := _wrong(record.data):
                    ledger.note("syntax", f"a CAA record of {shown_name(at)} {why}", part=shown_name(at), rrset=f"{shown_name(at)}./CAA", remedy=remedy, rests_on=[found])
            return found
        at = parent(at)
    ledger.note("none", f"no CAA record stands for {name}: every authority may issue", part=name, rrset=f"{name}./CAA", remedy=remedy)
    return None


def _wrong(data: bytes) -> str | None:
    try:
        caa = read_caa(data)
    except Malformed as error:
        return f"cannot be read: {error}"
    if not caa.tag.isascii() or not caa.tag.isalnum():
        return f"has the tag {caa.tag[:40]!r}"
    if caa.tag.lower() not in TAGS:
        return f"has the unknown tag {caa.tag[:40]}, marked critical: nobody may issue" if caa.flags & CRITICAL else None
    return _wrong_value(caa)


def _wrong_value(caa: Caa) -> str | None:
    value = caa.value.strip(" \t")
    if caa.tag.lower() in {"issue", "issuewild", "issuemail", "issuevmc"}:
        domain = value.partition(";")[0].strip(" \t")
        if domain and not all(part and part.replace("-", "").isalnum() and part.isascii() for part in domain.split(".")):
            return f"names no authority: {value[:60]!r}"
    if caa.tag.lower() == "iodef" and not value.lower().startswith(("mailto:", "http://", "https://")):
        return f"has no address to report to: {value[:60]!r}"
    return None


CHECK = Check(
    id="tls-caa",
    category="tls",
    title="Who may issue certificates",
    requirement="A CAA set stands for each web name, and its records can be read.",
    remedy="Publish CAA records that name the authorities in use.",
    codes=(
        Code("syntax", Severity.WARNING, "A CAA record cannot be used."),
        Code("none", Severity.NOTICE, "No CAA record stands for a web name.", ("internetnl:web_caa",)),
    ),
    needs=("presence", "web"),
    references=("internetnl:web_caa", "rfc:8659"),
    judge=judge,
)
