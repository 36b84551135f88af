"""dns-recursion: no name server of the zone resolves other people's names for whoever asks."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import forbid_recursion
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import RA, Message
from samdrift.model.finding import Finding, Severity

DECLINED = frozenset({types.REFUSED, types.NOTIMP, types.FORMERR, types.NOTAUTH})


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """What each address did with a foreign name and recursion desired; a silent one resolves nothing."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped(answering=True)) is not None:
        return stop
    for address in hand.answering:
        for each in hand.put("recursive", address):
            message = each.message
            if message is not None and _recurses(message):
                ledger.note("open-resolver", f"the server resolves foreign names for us: it answers {types.rcode_name(message.rcode)}", address=address, value={"rcode": types.rcode_name(message.rcode), "recursion_available": bool(message.flags & RA)}, remedy=forbid_recursion(hand))
    return ledger.findings(well=f"{len(hand.answering)} addresses resolve no foreign names", judged=hand.answering, rtypes=(types.A,))


def _recurses(message: Message) -> bool:
    """It says that recursion is available and does not decline, or knows without authority what only others can know."""
    if message.rcode in DECLINED:
        return False
    knows = not message.authoritative and (message.rcode == types.NXDOMAIN or (message.rcode == types.NOERROR and bool(message.answer)))
    return bool(message.flags & RA) or knows


CHECK = Check(
    id="dns-recursion",
    category="dns",
    title="No open resolver",
    requirement="No name server of the zone resolves foreign names for whoever asks.",
    remedy="Switch recursion off on authoritative name servers, or allow it to your own networks alone.",
    codes=(Code("open-resolver", Severity.FAILURE, "A name server resolves foreign names.", ("zonemaster:IS_A_RECURSOR",)),),
    needs=("zone", "zone.recursion"),
    references=("zonemaster:NAMESERVER01", "rfc:5358"),
    judge=judge,
)
