"""ipv6-ns-count: at least two name servers have IPv6, at the parent and in the zone."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import Side
from samdrift.model.finding import Finding, Reason, Remedy, Severity

LEAST = 2
MAPPED = "::ffff:"
WHERE = {"parent": "at the parent", "child": "in the zone"}


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Counts names with an AAAA at both sides; an IPv4-mapped address is none (RFC 4291 2.5.5.2)."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    counts = {}
    sides: tuple[Side, Side] = ("parent", "child")
    for side in sides:
        names = hand.ns_names(side)
        if names:
            counts[side] = _count(ledger, hand, side, names)
        elif side == "parent" and hand.seen.parent is not None and hand.seen.parent_asked:
            ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which servers the zone has", part=side)
    well = ", ".join(f"{count} servers with IPv6 {WHERE[side]}" for side, count in counts.items())
    return ledger.findings(well=well, judged=(*hand.parent_addresses, *hand.speaking), rtypes=(types.NS, types.AAAA), value={f"at_{side}": count for side, count in counts.items()})


def _count(ledger: Ledger, hand: ZoneInHand, side: Side, names: tuple[Name, ...]) -> int:
    hosts = [hand.hosts[name] for name in names if name in hand.hosts]
    have = [host.name for host in hosts if any(not one.startswith(MAPPED) for one in host.of("ipv6"))]
    unknown = [host.unknown["ipv6"] for host in hosts if "ipv6" in host.unknown and host.name not in have]
    if len(have) >= LEAST:
        return len(have)
    if len(have) + len(unknown) >= LEAST or (unknown and not have):
        ledger.unknown(unknown[0], f"the IPv6 addresses of the name servers {WHERE[side]} could not all be found out", part=side)
        return len(have)
    without = next((to_text(name) for name in names if name not in have), f"ns2.{hand.text}")
    remedy = Remedy(f"Give {LEAST} name servers an IPv6 address on which they answer, in the zone of their names and as glue", record=f"{without} IN AAAA 2001:db8::53 ; the server's own", by=OPERATOR)
    value = {"count": len(have), "side": side}
    if have:
        ledger.note("one", f"only {to_text(have[0])} has IPv6 {WHERE[side]}; {LEAST} are needed", part=side, rrset=f"{hand.text}/NS", value=value, remedy=remedy)
    else:
        ledger.note("none", f"no name server has IPv6 {WHERE[side]}", part=side, rrset=f"{hand.text}/NS", value=value, remedy=remedy)
    return len(have)


CHECK = Check(
    id="ipv6-ns-count",
    category="ipv6",
    title="Two name servers with IPv6",
    requirement="At the parent and in the zone at least two name servers have an AAAA record; IPv4-mapped addresses do not count.",
    remedy="Give two name servers an IPv6 address on which they answer.",
    codes=(
        Code("none", Severity.FAILURE, "No name server has IPv6.", ("zonemaster:NO_IPV6_NS_DEL", "zonemaster:NO_IPV6_NS_CHILD", "internetnl:ns_aaaa")),
        Code("one", Severity.FAILURE, "Only one name server has IPv6.", ("zonemaster:NOT_ENOUGH_IPV6_NS_DEL", "zonemaster:NOT_ENOUGH_IPV6_NS_CHILD", "internetnl:ns_aaaa")),
    ),
    needs=("zone",),
    references=("zonemaster:DELEGATION01", "internetnl:ns_aaaa", "rfc:3901"),
    judge=judge,
)
