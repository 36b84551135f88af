"""dns-names: the names of the zone, its servers and its contact are names of hosts and of a mailbox (RFC 952, 1123, 1912)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from samdrift.compliance.delegation import all_names
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, change_contact
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, labels, to_text
from samdrift.model.finding import Finding, Remedy, Severity

MX_NAME_AT = 2
_GOOD = re.compile(rb"[a-z0-9-]+")
_DOMAIN = re.compile(rb"[a-z0-9_-]+")
_LOCAL_PART = re.compile(rb"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+")


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The zone's own name, each name server's and mail host's, the primary's in SOA, and the mailbox there."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    hosts = dict.fromkeys(all_names(hand), "name server")
    for address in hand.speaking:
        for each in hand.rrset(address, types.MX):
            if len(each.data) > MX_NAME_AT + 1:  # a null MX names nobody (RFC 7505)
                hosts.setdefault(each.data[MX_NAME_AT:], "mail host")
    soas = [soa for address in hand.speaking if (soa := hand.soa_at(address)) is not None]
    for soa in soas:
        hosts.setdefault(soa.mname, "primary in SOA")
    _note(ledger, hand, hand.zone, "zone", host=False)
    for name, what in hosts.items():
        _note(ledger, hand, name, what, host=True)
    for soa in {soa.rname: soa for soa in reversed(soas)}.values():
        if not _is_mailbox(soa.rname):
            rname = to_text(soa.rname)
            ledger.note("rname-invalid", f"the contact in SOA, {rname}, is no mailbox", rrset=f"{hand.text}/SOA", value={"rname": rname}, remedy=change_contact(hand, soa))
    return ledger.findings(well="all names are in order", judged=hand.speaking, rtypes=(types.SOA, types.NS))


def _note(ledger: Ledger, hand: ZoneInHand, name: Name, what: str, *, host: bool) -> None:
    text = to_text(name)
    for code, why in _faults(name, host=host):
        remedy = Remedy(f"Give this {what} a name of letters, digits and single hyphens, and change NS, SOA and glue to it", by=OPERATOR)
        ledger.note(code, f"{what} {text}: {why}", part=text, rrset=f"{hand.text}/NS" if host else None, value={"name": text}, remedy=remedy)


def _faults(name: Name, *, host: bool) -> Iterator[tuple[str, str]]:
    held = labels(name)
    if any(not _GOOD.fullmatch(label) for label in held):
        yield "bad-character", "a label has other signs than letters, digits and hyphens"
    if any(label.startswith(b"-") or label.endswith(b"-") for label in held):
        yield "hyphen", "a label begins or ends with a hyphen"
    if any(label[2:4] == b"--" and not label.startswith(b"xn--") for label in held):
        yield "double-hyphen", "a label has two hyphens in its third and fourth place and is no A-label (xn--)"
    if host and held and held[-1].isdigit():
        yield "numeric-tld", "the last label has digits alone, so that the name can be taken for an address"


def _is_mailbox(rname: Name) -> bool:
    """One label for the mailbox, at least one for its domain; a dot within the mailbox is well (RFC 1912 2.2)."""
    held = labels(rname)
    return len(held) > 1 and bool(_LOCAL_PART.fullmatch(held[0])) and all(_DOMAIN.fullmatch(label) for label in held[1:])


CHECK = Check(
    id="dns-names",
    category="dns",
    title="Names in order",
    requirement="The names of the zone, of its name servers, mail hosts and primary have letters, digits and hyphens in their right places; the contact in SOA is a mailbox.",
    remedy="Use names of letters, digits and single hyphens.",
    codes=(
        Code("bad-character", Severity.FAILURE, "A name has a sign that names of hosts do not have.", ("zonemaster:NON_ALLOWED_CHARS", "zonemaster:NAMESERVER_NON_ALLOWED_CHARS", "zonemaster:MNAME_NON_ALLOWED_CHARS")),
        Code("hyphen", Severity.FAILURE, "A label begins or ends with a hyphen.", ("zonemaster:INITIAL_HYPHEN", "zonemaster:TERMINAL_HYPHEN")),
        Code("numeric-tld", Severity.FAILURE, "A host's last label has digits alone.", ("zonemaster:NAMESERVER_NUMERIC_TLD", "zonemaster:MNAME_NUMERIC_TLD")),
        Code("double-hyphen", Severity.WARNING, "A label has two hyphens in third and fourth place.", ("zonemaster:DISCOURAGED_DOUBLE_DASH", "zonemaster:NAMESERVER_DISCOURAGED_DOUBLE_DASH", "zonemaster:MNAME_DISCOURAGED_DOUBLE_DASH")),
        Code("rname-invalid", Severity.WARNING, "The contact in SOA is no mailbox.", ("zonemaster:RNAME_RFC822_INVALID", "zonemaster:RNAME_MISUSED_AT_SIGN")),
    ),
    needs=("zone", "zone.mx"),
    references=("zonemaster:SYNTAX01", "zonemaster:SYNTAX02", "zonemaster:SYNTAX03", "zonemaster:SYNTAX04", "zonemaster:SYNTAX05", "zonemaster:SYNTAX06", "zonemaster:SYNTAX07", "zonemaster:SYNTAX08", "rfc:1123", "rfc:5891"),
    judge=judge,
)
