"""delegation-ns-address: in the public view every name server's address can be reached from everywhere, and has a name of its own."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.delegation import all_names
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR
from samdrift.compliance.reverse import Reverse, reverse_of
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, reverse_name, to_text
from samdrift.model.dns.special import block_of, is_in
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address of each name server. What the view declares public, and the block that the roots in use stand in, count as reachable."""
    ledger = Ledger(CHECK, hand, at)
    if not (names := all_names(hand)) and (stop := ledger.stopped()) is not None:
        return stop
    if not hand.seen.facts.public or hand.seen.facts.private_addresses:
        return ledger.not_applicable(f"the view {hand.seen.view} is not the public one: private addresses are well there")
    held = {one: [name for name in names if name in hand.hosts and one in hand.hosts[name].addresses] for host in hand.seen.hosts for one in host.addresses}
    for one, owners in sorted(held.items()):
        if owners:
            _judge(ledger, hand, one, owners)
    return ledger.findings(well=f"{len(held)} addresses can be reached from everywhere", judged=hand.speaking, rtypes=(types.A, types.AAAA, types.NS), value={"count": len(held)})


def _judge(ledger: Ledger, hand: ZoneInHand, one: str, owners: list[Name]) -> None:
    block = block_of(one)
    server = " ".join(to_text(name).removesuffix(".") for name in owners)
    if block is not None and not _stands_for_public(hand, one):
        kind = "AAAA" if ":" in one else "A"
        remedy = Remedy(f"Give {server} an address that everybody can reach, in its zone and as glue", record=f"{to_text(owners[0])} IN {kind} {one} ; to be replaced", by=OPERATOR)
        ledger.note(block.kind, f"{server} has the address {one}, which is of {block.prefix} ({block.name}): nobody outside can reach it", part=one, rrset=f"{to_text(owners[0])}/{kind}", value={"address": one, "server": server, "block": block.prefix}, remedy=remedy)
        return
    told, named = reverse_of(hand, one)
    value = {"address": one, "server": server}
    rrset = f"{to_text(reverse_name(one))}/PTR"
    if told is Reverse.NONE:
        ledger.note("no-ptr", f"{one} of {server} has no name (PTR)", part=one, rrset=rrset, value=value, remedy=Remedy("Have the owner of the address publish its PTR", record=f"{to_text(reverse_name(one))} IN PTR {to_text(owners[0])}", by=OPERATOR))
    elif told is Reverse.NAMED and not set(named) & set(owners):
        ledger.note("ptr-mismatch", f"{one} of {server} bears the name {', '.join(map(to_text, named))}", part=one, rrset=rrset, value={**value, "names": tuple(map(to_text, named))})
    elif told is Reverse.SILENT:
        ledger.unknown(Reason.NO_WORKING_SERVER, f"which name {one} bears could not be found out", part=one)


def _stands_for_public(hand: ZoneInHand, one: str) -> bool:
    facts = hand.seen.facts
    return is_in(one, facts.stands_for_public) or block_of(one) in {block_of(root) for root in facts.roots}


CHECK = Check(
    id="delegation-ns-address",
    category="delegation",
    title="Addresses that everybody can reach",
    requirement="In the public view every address of every name server is globally reachable and has a PTR that gives the server's name.",
    remedy="Give the name server an address that everybody can reach.",
    codes=(
        Code("documentation", Severity.FAILURE, "An address is of a block for documentation.", ("zonemaster:A01_DOCUMENTATION_ADDR",)),
        Code("local-use", Severity.FAILURE, "An address is of a block for local use.", ("zonemaster:A01_LOCAL_USE_ADDR",)),
        Code("not-global", Severity.FAILURE, "An address is of a block that is not globally reachable.", ("zonemaster:A01_ADDR_NOT_GLOBALLY_REACHABLE",)),
        Code("no-ptr", Severity.WARNING, "An address has no PTR.", ("zonemaster:NAMESERVER_IP_WITHOUT_REVERSE",)),
        Code("ptr-mismatch", Severity.NOTICE, "An address's PTR gives another name.", ("zonemaster:NAMESERVER_IP_PTR_MISMATCH",)),
    ),
    needs=("zone", "zone.reverse"),
    references=("zonemaster:ADDRESS01", "zonemaster:ADDRESS02", "zonemaster:ADDRESS03", "rfc:6890", "rfc:1912"),
    judge=judge,
)
