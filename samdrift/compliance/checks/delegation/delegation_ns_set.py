"""delegation-ns-set: the parent, the zone and each of its servers name the same name servers."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.delegation import child_ns, odd_ones, shown
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, REGISTRAR, fetch_anew
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import to_text
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The set at the parent against that of the zone, and each server's against that of most others."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    held, rrset = child_ns(hand), f"{hand.text}/NS"
    for address in set(hand.speaking) - set(held):
        if hand.message("child", address, types.NS) is None:
            ledger.unknown(Reason.NO_DATA, f"{address} does not say which name servers the zone has", part=address)
    usual, odd = odd_ones(held)
    what = "The servers of the zone hold different NS records"
    for address, names in sorted(odd.items()):
        if usual is None:
            ledger.note("servers-differ", "the servers do not name the same name servers", rrset=rrset, remedy=fetch_anew(hand, None, what))
        else:
            ledger.note("servers-differ", f"this server names {shown(names)}, most others {shown(usual)}", address=address, rrset=rrset, value={"names": tuple(sorted(map(to_text, names)))}, remedy=fetch_anew(hand, address, what))
    _against_parent(ledger, hand, rrset)
    all_of_them = hand.ns_names("child")
    return ledger.findings(well=f"the parent and the zone name {shown(all_of_them)}", judged=hand.speaking, rtypes=(types.NS,), value={"names": tuple(map(to_text, all_of_them))})


def _against_parent(ledger: Ledger, hand: ZoneInHand, rrset: str) -> None:
    parent, child = set(hand.ns_names("parent")), set(hand.ns_names("child"))
    if not parent and hand.seen.parent_asked:
        ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which name servers the zone has", part="parent")
    if not parent or not child:
        return
    as_child = "\n".join(f"{hand.text} IN NS {to_text(name)}" for name in sorted(child))
    if not parent & child:
        ledger.note("nothing-common", f"the parent names {shown(parent)}, the zone {shown(child)}: no name is the same", rrset=rrset, remedy=Remedy("Have the parent name the servers that the zone names", record=as_child, by=REGISTRAR))
    for name in sorted(parent - child):
        text = to_text(name)
        ledger.note("extra-at-parent", f"the parent names {text}, the zone does not", part=text, rrset=rrset, value={"server": text}, remedy=Remedy(f"Take {text} away at the parent, or name it in the zone too", record=as_child, by=REGISTRAR))
    for name in sorted(child - parent):
        text = to_text(name)
        ledger.note("extra-at-child", f"the zone names {text}, the parent does not", part=text, rrset=rrset, value={"server": text}, remedy=Remedy(f"Have the parent name {text} too, or take it out of the zone", record=as_child, by=OPERATOR))


CHECK = Check(
    id="delegation-ns-set",
    category="delegation",
    title="Same name servers everywhere",
    requirement="The parent, the zone and each of its servers name the same name servers.",
    remedy="Have the parent name the servers that the zone names, and each server hold the same zone.",
    codes=(
        Code("extra-at-parent", Severity.FAILURE, "The parent names a server that the zone does not.", ("zonemaster:EXTRA_NAME_PARENT",)),
        Code("extra-at-child", Severity.NOTICE, "The zone names a server that the parent does not.", ("zonemaster:EXTRA_NAME_CHILD",)),
        Code("nothing-common", Severity.FAILURE, "The parent and the zone name no server in common.", ("zonemaster:TOTAL_NAME_MISMATCH",)),
        Code("servers-differ", Severity.WARNING, "The zone's servers name different name servers.", ("zonemaster:MULTIPLE_NS_SET",)),
    ),
    needs=("zone",),
    references=("zonemaster:DELEGATION07", "zonemaster:CONSISTENCY04", "rfc:1034"),
    judge=judge,
)
