"""delegation-exists: the parents agree that the name is a zone, and one of its servers answers for it."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, zone_status
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.names import ROOT
from samdrift.model.finding import Finding, Reason, Remedy, Severity

HAS, HAS_NOT, ALIAS = "delegates it", "has no such zone", "has an alias there"


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """What the parent's servers say of the name, and whether anybody speaks for it."""
    ledger = Ledger(CHECK, hand, at)
    said = {}
    for address in hand.parent_addresses:
        message = hand.message("parent", address, types.NS)
        if message is not None and message.rcode in {types.NOERROR, types.NXDOMAIN}:
            said[address] = _what(message, hand)
    if hand.zone != ROOT and hand.seen.parent_asked and not said:
        why = [hand.trouble(address, "udp") for address in hand.parent_addresses]
        ledger.unknown(why[0][0] if why else hand.without_vantage or Reason.NO_WORKING_SERVER, "no server of the parent answers about the name", code="parent-silent")
    _compare(ledger, hand, said)
    zone = hand.zone == ROOT or HAS in said.values() or bool(hand.speaking)
    if zone and not hand.speaking:
        _nobody_speaks(ledger, hand)
    return ledger.findings(well=f"{hand.seen.name} is delegated, and {len(hand.speaking)} addresses answer for it", judged=hand.parent_addresses, rtypes=(types.NS,))


def _what(message: Message, hand: ZoneInHand) -> str:
    if message.rrset(hand.zone, types.CNAME):
        return ALIAS
    return HAS if message.rrset(hand.zone, types.NS) or message.delegation(hand.zone, types.NS) else HAS_NOT


def _compare(ledger: Ledger, hand: ZoneInHand, said: dict[str, str]) -> None:
    name = hand.seen.name
    if len(set(said.values())) > 1:
        for address, what in said.items():
            ledger.note("inconsistent", f"{name}: this server of the parent {what}, another does not agree", address=address, remedy=Remedy(f"Have the parent's servers load the same zone: they disagree about {name}", by="parent"))
        return
    for what in set(said.values()) & {HAS_NOT, ALIAS}:
        if what == ALIAS:
            ledger.note("is-alias", f"{name} is an alias, not a zone")
        elif not hand.speaking:
            ledger.note("no-zone", f"{name} is no zone: its parent delegates it to nobody", remedy=Remedy(f"Have {name} delegated, or take it out of the inventory", record=f"{hand.text} IN NS ns1.{name}.", by="registrar"))


def _nobody_speaks(ledger: Ledger, hand: ZoneInHand) -> None:
    troubles = {address: hand.trouble(address, "udp") for address in hand.child_addresses}
    unproven = [reason for reason, proven in troubles.values() if not proven]
    if hand.seen.stopped is not None or (troubles and len(unproven) == len(troubles)):
        ledger.unknown(hand.seen.stopped or unproven[0], f"no address of {hand.seen.name} could be asked", part="no-working-server")
        return
    ledger.note("no-working-server", f"no server of {hand.seen.name} answers for it with authority", remedy=Remedy("Start the zone's servers, or correct the delegation's NS and glue", command=zone_status(hand), by=OPERATOR))


CHECK = Check(
    id="delegation-exists",
    category="delegation",
    title="The zone exists",
    requirement="The servers of the parent agree that the name is delegated, and at least one of its servers answers SOA with authority.",
    remedy="Have the name delegated to servers that load the zone.",
    codes=(
        Code("no-zone", Severity.FAILURE, "No parent server delegates the name.", ("zonemaster:B01_NO_CHILD",)),
        Code("is-alias", Severity.NOTICE, "The name is an alias (CNAME).", ("zonemaster:B01_CHILD_IS_ALIAS",)),
        Code("inconsistent", Severity.FAILURE, "The parent's servers disagree whether it is a zone.", ("zonemaster:B01_INCONSISTENT_DELEGATION",)),
        Code("no-working-server", Severity.FAILURE, "No server of the zone answers for it.", ("zonemaster:B02_NO_WORKING_NS",)),
        Code("parent-silent", Severity.INFO, "No server of the parent answers about the name: undetermined.", ("zonemaster:B01_SERVER_ZONE_ERROR",)),
    ),
    needs=("zone",),
    references=("zonemaster:BASIC01", "zonemaster:BASIC02"),
    judge=judge,
)
