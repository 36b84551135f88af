"""dns-transfer: the zone is transferred to nobody but those whom the view names."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, allow_transfer
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.special import is_in
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """What each address did with a request for the whole zone, by whether we stand within the view's list."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    asked = 0
    for address in hand.speaking:
        exchange = hand.transfer(address)
        if exchange is None:
            continue
        asked += 1
        source = hand.seen.sources.get(address)
        allowed = source is not None and is_in(source, hand.seen.facts.transfer_from)
        message = exchange.message
        if message is not None and _transfers(message, hand):
            if not allowed:
                ledger.note("axfr-open", f"the server gives the whole zone to us, who are not in the list of view {hand.seen.view}", address=address, value={"source": source}, remedy=allow_transfer(hand))
        elif allowed and exchange.error in {None, Reason.REFUSED}:
            said = "closes the connection" if message is None else f"answers {types.rcode_name(message.rcode)}"
            ledger.note("axfr-closed", f"the server {said} when asked for the zone from {source}, which view {hand.seen.view} allows", address=address, value={"source": source}, remedy=Remedy(f"Allow {source} to transfer {hand.seen.name}, or take it out of the view's transfer_from", by=OPERATOR))
    if not asked:
        ledger.unknown(Reason.NO_DATA, "no server could be asked for a transfer over TCP")
    return ledger.findings(well=f"{asked} addresses transfer the zone as the view says", judged=hand.speaking, rtypes=(types.AXFR,))


def _transfers(message: Message, hand: ZoneInHand) -> bool:
    first = message.answer[0] if message.answer else None
    return message.rcode == types.NOERROR and first is not None and (first.type, first.owner) == (types.SOA, hand.zone)


CHECK = Check(
    id="dns-transfer",
    category="dns",
    title="Transfers to those named alone",
    requirement="From outside the view's list no server transfers the zone; from inside the list every server does.",
    remedy="Allow transfers to the secondaries alone, by address and TSIG.",
    codes=(
        Code("axfr-open", Severity.WARNING, "A server transfers the zone to outsiders.", ("zonemaster:AXFR_AVAILABLE",)),
        Code("axfr-closed", Severity.WARNING, "A server refuses a transfer that the view allows."),
    ),
    needs=("zone", "zone.transfer"),
    references=("zonemaster:NAMESERVER03", "rfc:5936"),
    judge=judge,
)
