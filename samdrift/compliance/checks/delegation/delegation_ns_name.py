"""delegation-ns-name: every name server's name has addresses of its own, and is no alias."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.delegation import alias_of, all_names
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import FAMILIES
from samdrift.model.finding import Finding, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each name of both sides, by what the zone that has the name says of it."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    names = all_names(hand)
    for name in names:
        _judge(ledger, hand, name)
    return ledger.findings(well=f"{len(names)} name servers have addresses of their own", judged=hand.speaking, rtypes=(types.NS, types.A, types.AAAA), value={"count": len(names)})


def _judge(ledger: Ledger, hand: ZoneInHand, name: Name) -> None:
    text, rrset = to_text(name), f"{hand.text}/NS"
    target = alias_of(hand, name)
    if target is not None:
        remedy = Remedy(f"Name in NS the host itself, for example {to_text(target)}, or give {text} addresses instead of a CNAME", record=f"{hand.text} IN NS {to_text(target)}", by=OPERATOR)
        ledger.note("ns-is-alias", f"the name server {text} is an alias for {to_text(target)}", part=text, rrset=rrset, value={"server": text, "target": to_text(target)}, remedy=remedy)
        return
    host = hand.hosts.get(name)
    if host is None or host.addresses:
        return
    if host.unknown:
        reason = next(host.unknown[family] for family in FAMILIES if family in host.unknown)
        ledger.unknown(reason, f"the addresses of {text} could not be found out ({reason})", part=text)
        return
    remedy = Remedy(f"Give {text} an A and an AAAA record, or take it out of NS in the zone and at the parent", record=f"{hand.text} IN NS {text} ; to be removed", by=OPERATOR)
    ledger.note("ns-unresolvable", f"the name server {text} has no address", part=text, rrset=rrset, value={"server": text}, remedy=remedy)


CHECK = Check(
    id="delegation-ns-name",
    category="delegation",
    title="Name servers have addresses",
    requirement="The name of every name server has an A or AAAA record of its own and is no alias (CNAME).",
    remedy="Name hosts with addresses in NS, in the zone and at the parent.",
    codes=(
        Code("ns-is-alias", Severity.FAILURE, "A name server's name is an alias.", ("zonemaster:NS_IS_CNAME",)),
        Code("ns-unresolvable", Severity.FAILURE, "A name server's name has no address.", ("zonemaster:NO_RESOLUTION", "zonemaster:CAN_NOT_BE_RESOLVED", "zonemaster:UNEXPECTED_RCODE")),
    ),
    needs=("zone", "zone.glue"),
    references=("zonemaster:DELEGATION05", "zonemaster:NAMESERVER06", "rfc:2181"),
    judge=judge,
)
