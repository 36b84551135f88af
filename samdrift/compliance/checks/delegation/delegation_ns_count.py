"""delegation-ns-count: at least two name servers, two of them with IPv4, on both sides of the delegation, no address twice."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, add_server
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import Side
from samdrift.model.finding import Finding, Reason, Remedy, Severity

LEAST = 2
WHERE = {"parent": "at the parent", "child": "in the zone"}


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Counts names and their IPv4 addresses at the parent and in the zone; each shortage is said."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    counts = {}
    sides: tuple[Side, Side] = ("parent", "child")
    for side in sides:
        names = hand.ns_names(side)
        if not names and side == "parent":
            if hand.seen.parent is not None and hand.seen.parent_asked:
                ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which servers the zone has", part=side)
            continue
        counts[side] = len(names)
        _count(ledger, hand, side, names)
    _same_address(ledger, hand)
    well = ", ".join(f"{count} servers {WHERE[side]}" for side, count in counts.items())
    return ledger.findings(well=well, judged=(*hand.parent_addresses, *hand.speaking), rtypes=(types.NS,), value={f"at_{side}": count for side, count in counts.items()})


def _count(ledger: Ledger, hand: ZoneInHand, side: Side, names: tuple[Name, ...]) -> None:
    where = WHERE[side]
    rrset = f"{hand.text}/NS"
    shown = ", ".join(to_text(name) for name in names) or "none"
    if len(names) < LEAST:
        ledger.note("too-few-ns", f"{len(names)} name server{'' if len(names) == 1 else 's'} {where} ({shown}); {LEAST} are needed", part=side, rrset=rrset, value={"count": len(names), "side": side}, remedy=add_server(hand, "Add a second name server on another network"))
    with_ipv4 = [name for name in names if name in hand.hosts and hand.hosts[name].of("ipv4")]
    unknown = [hand.hosts[name].unknown["ipv4"] for name in names if name in hand.hosts and name not in with_ipv4 and "ipv4" in hand.hosts[name].unknown]
    if len(with_ipv4) >= LEAST:
        return
    if len(with_ipv4) + len(unknown) >= LEAST or (unknown and not with_ipv4):
        ledger.unknown(unknown[0], f"the IPv4 addresses of the name servers {where} could not all be found out", part=side)
        return
    value = {"count": len(with_ipv4), "side": side}
    if with_ipv4:
        ledger.note("one-ipv4", f"only {to_text(with_ipv4[0])} has IPv4 {where}; {LEAST} are needed", part=side, rrset=rrset, value=value, remedy=add_server(hand, "Give a second name server an IPv4 address"))
    else:
        ledger.note("no-ipv4", f"no name server has IPv4 {where}", part=side, rrset=rrset, value=value, remedy=add_server(hand, f"Give {LEAST} name servers an IPv4 address"))


def _same_address(ledger: Ledger, hand: ZoneInHand) -> None:
    bearers: dict[str, list[str]] = {}
    for name in sorted({*hand.ns_names("parent"), *hand.ns_names("child")}):
        for address in hand.hosts[name].addresses if name in hand.hosts else ():
            bearers.setdefault(address, []).append(to_text(name))
    for address, names in sorted(bearers.items()):
        if len(names) > 1:
            ledger.note("same-address", f"{' and '.join(names)} have the same address {address}", part=address, value={"address": address, "servers": tuple(names)}, remedy=Remedy("Give each name server an address and a machine of its own: two names on one address fail together", by=OPERATOR))


CHECK = Check(
    id="delegation-ns-count",
    category="delegation",
    title="Enough name servers",
    requirement="At the parent and in the zone at least two name servers, at least two of them with an IPv4 address, and no address twice.",
    remedy="Add a name server on another network, in the zone and at the parent.",
    codes=(
        Code("too-few-ns", Severity.FAILURE, "Fewer than two name servers.", ("zonemaster:NOT_ENOUGH_NS_DEL", "zonemaster:NOT_ENOUGH_NS_CHILD")),
        Code("one-ipv4", Severity.FAILURE, "Only one name server has an IPv4 address.", ("zonemaster:NOT_ENOUGH_IPV4_NS_DEL", "zonemaster:NOT_ENOUGH_IPV4_NS_CHILD")),
        Code("no-ipv4", Severity.WARNING, "No name server has an IPv4 address.", ("zonemaster:NO_IPV4_NS_DEL", "zonemaster:NO_IPV4_NS_CHILD")),
        Code("same-address", Severity.FAILURE, "Two name servers have the same address.", ("zonemaster:DEL_NS_SAME_IP", "zonemaster:CHILD_NS_SAME_IP")),
    ),
    needs=("zone",),
    references=("zonemaster:DELEGATION01", "zonemaster:DELEGATION02", "rfc:1034", "rfc:2182"),
    judge=judge,
)
