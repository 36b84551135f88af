"""dns-edns: servers take EDNS as the standard says, also versions, options and flags that they do not know."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import UNKNOWN_FLAG, UNKNOWN_OPTION, Message, Variant
from samdrift.model.finding import Finding, Remedy, Severity

UPGRADE = Remedy("Renew the name server's software, and look at the firewall or load balancer before it: EDNS must come through unchanged", by=OPERATOR)
HIDE = Remedy("Have the server keep its software's version to itself", by=OPERATOR)
PROBES: tuple[tuple[Variant, str], ...] = (("unknown-option", "an unknown option"), ("unknown-flag", "an unknown flag"))
WELL = frozenset({types.NOERROR, types.NXDOMAIN, types.REFUSED, types.NOTAUTH})


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address that answers over UDP, by what it did with each way of asking."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    addresses = [address for address in hand.speaking if hand.reached(address, "udp")]
    for address in addresses:
        _judge(ledger, hand, address)
    return ledger.findings(well=f"{len(addresses)} addresses take EDNS as they should", judged=addresses, rtypes=(types.SOA, types.TXT))


def _judge(ledger: Ledger, hand: ZoneInHand, address: str) -> None:
    usual = hand.over("udp", address, types.SOA)
    told = {variant: _best(hand, variant, address) for variant, _ in PROBES}
    if usual is not None and usual.reply is not None and (usual.variant == "plain" or (usual.whole is not None and usual.whole.edns is None)):
        if usual.variant == "plain" and not any(told.values()):
            ledger.note("breaks", "questions with EDNS get no answer, those without do", address=address, part="edns", remedy=UPGRADE)
        else:
            ledger.note("no-edns", "the server does not know EDNS", address=address, part="edns", remedy=UPGRADE)
        return
    for variant, what in PROBES:
        if hand.put(variant, address) and not _is_cut(told[variant]) and _answered(ledger, hand, address, variant, what, told[variant]):
            _ignored(ledger, address, variant, what, told[variant])
    version_1 = _best(hand, "version-1", address)
    if hand.put("version-1", address) and not _is_cut(version_1) and _answered(ledger, hand, address, "version-1", "EDNS version 1", version_1):
        _version_1(ledger, address, version_1)
    _version(ledger, hand, address)


def _answered(ledger: Ledger, hand: ZoneInHand, address: str, variant: Variant, what: str, message: Message | None) -> bool:
    """Whether the probe can be judged; a silence in which we may have lost our own way there says nothing."""
    reason = hand.lost(hand.put(variant, address)) if message is None else None
    if reason is not None:
        ledger.unknown(reason, f"whether {address} answers a question with {what} is not known ({reason})", part=f"{variant}@{address}")
    return reason is None


def _version(ledger: Ledger, hand: ZoneInHand, address: str) -> None:
    """That the version is told is a notice: no standard asks to keep it, but whoever looks for a hole need not be shown it."""
    revealed = _best(hand, "chaos", address)
    if revealed is not None and revealed.rcode == types.NOERROR and (texts := [record.data[1:] for record in revealed.answer if record.type == types.TXT and len(record.data) > 1]):
        said = texts[0].decode("ascii", "replace")
        ledger.note("version-revealed", f"the server tells its version: {said}", address=address, value={"version": said}, remedy=HIDE)


def _best(hand: ZoneInHand, variant: Variant, address: str) -> Message | None:
    """The reply to a probe; about the zone itself where one about the root had none."""
    read = [message for each in hand.put(variant, address) if (message := each.message) is not None]
    return read[-1] if read else None


def _is_cut(message: Message | None) -> bool:
    """A reply that only says "over TCP" (rate limiting) says nothing of EDNS."""
    return message is not None and message.truncated


def _ignored(ledger: Ledger, address: str, variant: Variant, what: str, message: Message | None) -> None:
    if message is None:
        ledger.note("breaks", f"a question with {what} gets no answer", address=address, part=variant, remedy=UPGRADE)
    elif message.rcode not in WELL:
        ledger.note("breaks", f"a question with {what} is answered {types.rcode_name(message.rcode)}", address=address, part=variant, value={"rcode": types.rcode_name(message.rcode)}, remedy=UPGRADE)
    elif _echoes(message, variant):
        ledger.note("echoed", f"the server sends {what} back", address=address, part=variant, remedy=UPGRADE)


def _echoes(message: Message, variant: Variant) -> bool:
    if variant == "unknown-flag":
        return message.edns is not None and bool(message.edns[2] & UNKNOWN_FLAG)
    at = 0
    while at + 4 <= len(message.options):
        code, length = int.from_bytes(message.options[at : at + 2], "big"), int.from_bytes(message.options[at + 2 : at + 4], "big")
        if code == UNKNOWN_OPTION:
            return True
        at += 4 + length
    return False


def _version_1(ledger: Ledger, address: str, message: Message | None) -> None:
    if message is None:
        ledger.note("version-1", "a question with EDNS version 1 gets no answer; BADVERS is due", address=address, part="version-1", remedy=UPGRADE)
    elif message.rcode != types.BADVERS:
        said = types.rcode_name(message.rcode)
        ledger.note("version-1", f"a question with EDNS version 1 is answered {said}; BADVERS is due", address=address, part="version-1", value={"rcode": said}, remedy=UPGRADE)


CHECK = Check(
    id="dns-edns",
    category="dns",
    title="EDNS as the standard says",
    requirement="Every server takes EDNS0, answers version 1 by BADVERS, and passes over options and flags that it does not know.",
    remedy="Renew the name server's software, and see what firewalls do to EDNS.",
    codes=(
        Code("breaks", Severity.FAILURE, "A question with EDNS, or with something unknown in it, gets no answer or an error.", ("zonemaster:BREAKS_ON_EDNS", "zonemaster:N11_NO_RESPONSE", "zonemaster:N11_UNEXPECTED_RCODE")),
        Code("no-edns", Severity.WARNING, "A server does not know EDNS.", ("zonemaster:NO_EDNS_SUPPORT", "zonemaster:EDNS_RESPONSE_WITHOUT_EDNS")),
        Code("version-1", Severity.WARNING, "EDNS version 1 is not answered by BADVERS.", ("zonemaster:N10_UNEXPECTED_RCODE", "zonemaster:N10_NO_RESPONSE_EDNS1_QUERY")),
        Code("echoed", Severity.WARNING, "A server sends an unknown option or flag back.", ("zonemaster:N11_RETURNS_UNKNOWN_OPTION_CODE", "zonemaster:Z_FLAGS_NOTCLEAR")),
        Code("version-revealed", Severity.NOTICE, "A server tells its version.", ("zonemaster:N15_SOFTWARE_VERSION",)),
    ),
    needs=("zone", "zone.edns", "zone.version"),
    references=("zonemaster:NAMESERVER02", "zonemaster:NAMESERVER10", "zonemaster:NAMESERVER11", "zonemaster:NAMESERVER12", "zonemaster:NAMESERVER13", "zonemaster:NAMESERVER15", "rfc:6891"),
    judge=judge,
)
