"""delegation-glue: the addresses that the parent gives with the delegation are those that the zone of the name has."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.delegation import addresses_at, all_glue, referrals
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import REGISTRAR
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, is_within, to_text
from samdrift.model.dns.observation import FAMILIES, family_of
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Names within the zone against each of its servers, other names against what their own zone says."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.seen.parent_asked and not hand.seen.given:
        return ledger.not_applicable(f"{hand.seen.name} has no parent: there is no glue to judge")
    if not referrals(hand) and not hand.seen.given:
        return ledger.not_applicable("the parent's servers serve the zone themselves: they give no referral, and so no glue") if hand.ns_names("parent") else _silent_parent(ledger)
    glue = all_glue(hand)
    inside = [name for name in hand.ns_names("parent") if is_within(name, hand.zone)]
    for name in inside:
        for address in hand.speaking:
            _inside(ledger, hand, name, address, glue.get(name, frozenset()))
    for name in sorted(set(glue) - set(inside)):
        _outside(ledger, hand, name, glue[name])
    if not glue and not inside:
        return ledger.not_applicable("the parent gives no glue, and none is needed: every name server lies outside the zone") if not ledger.noted else ledger.findings(well="")
    return ledger.findings(well=f"the glue of {len(glue)} name servers is as their zones have it", judged=hand.speaking, rtypes=(types.A, types.AAAA, types.NS))


def _silent_parent(ledger: Ledger) -> tuple[Finding, ...]:
    ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which servers the zone has")
    return ledger.findings(well="")


def _inside(ledger: Ledger, hand: ZoneInHand, name: Name, address: str, glue: frozenset[str]) -> None:
    for family in FAMILIES:
        own = addresses_at(hand, address, name, family)
        if own is None:
            continue
        given = {one for one in glue if family_of(one) == family}
        for one in sorted(given - own):
            _mismatch(ledger, "in-bailiwick-mismatch", name, one, sorted(own), address)
        for one in sorted(own - given):
            ledger.note("extra-at-child", f"the zone gives {to_text(name)} the address {one}, the parent's glue does not", address=address, part=f"{to_text(name)} {one}", rrset=f"{to_text(name)}/{_kind(one)}", value={"name": to_text(name), "glue": tuple(sorted(given))}, remedy=Remedy("Have the parent publish this address as glue too", record=_line(name, one), by=REGISTRAR))


def _outside(ledger: Ledger, hand: ZoneInHand, name: Name, glue: frozenset[str]) -> None:
    host = hand.hosts.get(name)
    if host is None:
        return
    for one in sorted(glue - set(host.addresses)):
        family = family_of(one)
        if family in host.unknown:
            ledger.unknown(host.unknown[family], f"whether {to_text(name)} has the address {one} could not be found out", part=f"{to_text(name)} {one}")
        else:
            _mismatch(ledger, "out-of-bailiwick-mismatch", name, one, list(host.of(family)), None)


def _mismatch(ledger: Ledger, code: str, name: Name, one: str, own: list[str], address: str | None) -> None:
    lines = "\n".join(_line(name, right) for right in own) or None
    remedy = Remedy(f"Have the parent replace the glue {one} of {to_text(name)} by what its zone has" + ("" if own else ": nothing"), record=lines, by=REGISTRAR)
    ledger.note(code, f"the parent's glue gives {to_text(name)} the address {one}, its zone {', '.join(own) or 'none'}", address=address, part=f"{to_text(name)} {one}", rrset=f"{to_text(name)}/{_kind(one)}", value={"name": to_text(name), "glue": one, "zone_has": tuple(own)}, remedy=remedy)


def _kind(address: str) -> str:
    return "AAAA" if ":" in address else "A"


def _line(name: Name, address: str) -> str:
    return f"{to_text(name)} IN {_kind(address)} {address}"


CHECK = Check(
    id="delegation-glue",
    category="delegation",
    title="Glue is as the zone has it",
    requirement="The addresses that the parent gives with the delegation are those that the zones of the name servers have.",
    remedy="Have the parent publish the addresses that the zones have.",
    codes=(
        Code("in-bailiwick-mismatch", Severity.FAILURE, "Glue of a server named in the zone is not what the zone has.", ("zonemaster:IN_BAILIWICK_ADDR_MISMATCH",)),
        Code("out-of-bailiwick-mismatch", Severity.FAILURE, "Glue of a server named elsewhere is not what its zone has.", ("zonemaster:OUT_OF_BAILIWICK_ADDR_MISMATCH",)),
        Code("extra-at-child", Severity.NOTICE, "The zone has an address that the glue lacks.", ("zonemaster:EXTRA_ADDRESS_CHILD",)),
    ),
    needs=("zone", "zone.glue"),
    references=("zonemaster:CONSISTENCY05", "rfc:1034", "rfc:9471"),
    judge=judge,
)
