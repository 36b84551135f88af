"""delegation-authoritative: every server that the zone is delegated to answers for it with authority, and has its SOA."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import load_there
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.finding import Finding, Reason, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address that answers at all, by its answer about SOA; a silent one belongs to dns-udp and dns-tcp."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped(answering=True)) is not None:
        return stop
    for address in hand.answering:
        exchange = hand.exchange("child", address, types.SOA)
        message = None if exchange is None else exchange.whole
        if hand.speaking and exchange is not None and exchange.error is not None:
            continue  # it answers something, but not this over either transport: dns-udp and dns-tcp tell it
        if exchange is None or message is None:
            reason = (exchange.failure if exchange else None) or Reason.MALFORMED
            ledger.unknown(reason, f"{address} gives no answer about SOA that can be read ({reason})", part=address)
        else:
            _judge(ledger, hand, address, message)
    return ledger.findings(well=f"{len(hand.speaking)} addresses answer with authority", judged=hand.answering, rtypes=(types.SOA,))


def _judge(ledger: Ledger, hand: ZoneInHand, address: str, message: Message) -> None:
    name, rrset = hand.seen.name, f"{hand.text}/SOA"
    remedy = load_there(hand, address)
    soa = message.rrset(hand.zone, types.SOA)
    if message.rcode != types.NOERROR:
        said = types.rcode_name(message.rcode)
        ledger.note("lame", f"the server does not serve {name}: it answers {said}", address=address, rrset=rrset, value={"rcode": said}, remedy=remedy)
    elif not message.authoritative and not soa:
        ledger.note("lame", f"the server does not serve {name}: it refers to others", address=address, rrset=rrset, value={"rcode": "NOERROR"}, remedy=remedy)
    elif not message.authoritative:
        ledger.note("not-authoritative", f"the server answers about {name} without authority (no AA)", address=address, rrset=rrset, remedy=remedy)
    elif not soa:
        ledger.note("soa-missing", f"the server answers for {name} with authority, but without its SOA", address=address, rrset=rrset, remedy=remedy)


CHECK = Check(
    id="delegation-authoritative",
    category="delegation",
    title="Every server answers with authority",
    requirement="Every server that the zone is delegated to, and that the zone names, answers for it with authority and has its SOA.",
    remedy="Have the server load the zone, or take it out of the NS records of the zone and of the delegation.",
    codes=(
        Code("lame", Severity.FAILURE, "A server does not serve the zone.", ("zonemaster:IS_NOT_AUTHORITATIVE",)),
        Code("not-authoritative", Severity.FAILURE, "A server answers without authority.", ("zonemaster:IS_NOT_AUTHORITATIVE",)),
        Code("soa-missing", Severity.FAILURE, "A server has no SOA for the zone.", ("zonemaster:SOA_NOT_EXISTS",)),
    ),
    needs=("zone",),
    references=("zonemaster:DELEGATION04", "zonemaster:DELEGATION06", "rfc:1034", "rfc:2181"),
    judge=judge,
)
