"""Serving: how each address of a zone's servers answers about SOA and NS over one transport; the body of dns-udp and dns-tcp."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import answer_there, load_there
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.observation import Transport
from samdrift.model.finding import Finding, Reason, Severity

TYPES = (types.SOA, types.NS)
TAGS = {
    over: {
        "no-answer": (f"{case}_NO_RESPONSE_{upper}", f"{case}_NO_RESPONSE_SOA_QUERY_{upper}", f"{case}_NO_RESPONSE_NS_QUERY_{upper}"),
        "bad-rcode": (f"{case}_UNEXPECTED_RCODE_SOA_QUERY_{upper}", f"{case}_UNEXPECTED_RCODE_NS_QUERY_{upper}"),
        "not-authoritative": (f"{case}_SOA_RECORD_NOT_AA_{upper}", f"{case}_NS_RECORD_NOT_AA_{upper}"),
        "missing-record": (f"{case}_MISSING_SOA_RECORD_{upper}", f"{case}_MISSING_NS_RECORD_{upper}"),
        "wrong-record": (f"{case}_WRONG_SOA_RECORD_{upper}", f"{case}_WRONG_NS_RECORD_{upper}"),
    }
    for over, case, upper in (("udp", "CN01", "UDP"), ("tcp", "CN02", "TCP"))
}


def codes(transport: Transport) -> tuple[Code, ...]:
    """The codes of the check of one transport."""
    over = transport.upper()
    texts = (
        f"An address does not answer over {over}.", f"An address answers by an error over {over}.", f"An address answers without authority over {over}.",
        f"An answer over {over} lacks the record asked for.", f"An answer over {over} holds a record of another name, or one that cannot be read.",
    )  # fmt: skip
    return tuple(Code(code, Severity.WARNING, text, tuple(f"zonemaster:{tag}" for tag in tags)) for (code, tags), text in zip(TAGS[transport].items(), texts, strict=True))


def judge(check: Check, transport: Transport, hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address and type. When no address of the zone answers at all, that is said once (delegation-exists) and here undetermined (D2)."""
    ledger = Ledger(check, hand, at)
    if (stop := ledger.stopped(answering=True)) is not None:
        return stop
    for address in hand.child_addresses:
        _judge_address(ledger, hand, transport, address)
    return ledger.findings(well=f"{len(hand.child_addresses)} addresses answer over {transport.upper()}", judged=hand.child_addresses, rtypes=TYPES)


def _judge_address(ledger: Ledger, hand: ZoneInHand, transport: Transport, address: str) -> None:
    over = transport.upper()
    silent = []
    for rtype in TYPES:
        exchange = hand.over(transport, address, rtype)
        if exchange is None:
            continue
        message = exchange.message
        if message is None:
            silent.append((types.type_name(rtype), exchange.failure or Reason.TIMEOUT))
        elif not (message.truncated and transport == "udp"):
            _judge_answer(ledger, hand, over, address, rtype, message)
    if not silent:
        return
    _, proven = hand.trouble(address, transport)
    names, reason = " and ".join(name for name, _ in silent), silent[0][1]
    if not proven and reason is not Reason.MALFORMED:
        why = hand.seen.stopped or hand.trouble(address, transport)[0]
        ledger.unknown(why, f"whether {address} answers over {over} is not known ({why})", part=address)
        return
    how = "cannot be read" if reason is Reason.MALFORMED else f"do not come ({reason})"
    ledger.note("no-answer", f"answers over {over} about {names} {how}", address=address, value={"transport": transport, "cause": str(reason), "types": tuple(name for name, _ in silent)}, remedy=answer_there(hand, address, transport))


def _judge_answer(ledger: Ledger, hand: ZoneInHand, over: str, address: str, rtype: int, message: Message) -> None:
    name = types.type_name(rtype)
    remedy, rrset = load_there(hand, address), f"{hand.text}/{name}"
    of_type = [record for record in message.answer if record.type == rtype]
    own = [record for record in of_type if record.owner == hand.zone]
    if message.rcode != types.NOERROR:
        said = types.rcode_name(message.rcode)
        ledger.note("bad-rcode", f"{name} is answered {said} over {over}", address=address, part=name, rrset=rrset, value={"rcode": said}, remedy=remedy)
    elif not message.authoritative:
        ledger.note("not-authoritative", f"{name} is answered without authority over {over}", address=address, part=name, rrset=rrset, remedy=remedy)
    elif of_type and (len(own) < len(of_type) or any(not hand.readable(record) for record in own)):
        ledger.note("wrong-record", f"the answer about {name} over {over} holds a record of another name, or one that cannot be read", address=address, part=name, rrset=rrset, remedy=remedy)
    elif not own:
        ledger.note("missing-record", f"the answer about {name} over {over} has no {name}", address=address, part=name, rrset=rrset, remedy=remedy)
