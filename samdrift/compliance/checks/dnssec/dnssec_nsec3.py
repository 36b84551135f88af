"""dnssec-nsec3: NSEC3 without extra iterations, without salt, and the same on every server (RFC 9276)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.answers import counting
from samdrift.compliance.denial import read_denial
from samdrift.compliance.entry import behind, is_rolling_well
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import fetch_anew, set_nsec3, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.denial import OPT_OUT, SHA1, Nsec3Param, read_nsec3param
from samdrift.model.dns.message import Malformed
from samdrift.model.dns.names import count_labels
from samdrift.model.finding import Finding, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The parameters in NSEC3PARAM and in the NSEC3 records that came as proofs."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    seen = {address: _parameters(hand, address) for address in hand.speaking if hand.keys(address)}
    if not seen:
        return ledger.without_keys()
    judged = tuple(address for address, (declared, used) in seen.items() if declared or used)
    if not judged:
        return ledger.not_applicable(f"{hand.seen.name} has no NSEC3")
    for address in judged:
        declared, used = seen[address]
        for one in dict.fromkeys((*declared, *used)):
            _judge_one(ledger, hand, address, one)
        if any(one.flags & ~OPT_OUT for one in used) or any(one.flags for one in declared):
            ledger.note("unknown-flag", "a flag is set that has no meaning", address=address, rrset=f"{hand.text}/NSEC3PARAM", remedy=sign_again(hand, "the NSEC3 parameters have an unknown flag"))
        if any(one.flags & OPT_OUT for one in used) and count_labels(hand.zone) > 1:
            ledger.note("opt-out", "NSEC3 with opt-out: unsigned delegations are not covered", address=address, rrset=f"{hand.text}/NSEC3")
    _judge_together(ledger, hand, {address: seen[address] for address in judged}, rolling=is_rolling_well(hand, at))
    return ledger.findings(well="NSEC3 without extra iterations or salt", judged=judged, rtypes=(types.NSEC3PARAM, types.UNUSED))


def _parameters(hand: ZoneInHand, address: str) -> tuple[tuple[Nsec3Param, ...], tuple[Nsec3Param, ...]]:
    """What NSEC3PARAM declares, and what the NSEC3 of the server's denials use; unreadable ones left out."""
    declared = []
    for record in hand.rrset(address, types.NSEC3PARAM):
        try:
            declared.append(read_nsec3param(record.data))
        except Malformed:
            continue
    messages = (each.whole for each in counting(hand, address))
    used = [Nsec3Param(one.algorithm, one.flags, one.iterations, one.salt) for message in messages if message is not None for one in read_denial(hand.zone, message.authority).nsec3]
    return tuple(dict.fromkeys(declared)), tuple(dict.fromkeys(used))


def _judge_one(ledger: Ledger, hand: ZoneInHand, address: str, one: Nsec3Param) -> None:
    rrset = f"{hand.text}/NSEC3PARAM"
    if one.algorithm != SHA1:
        text = f"NSEC3 has hash algorithm {one.algorithm}; only 1 is defined"
        ledger.note("hash-algorithm", text, address=address, part=f"algorithm-{one.algorithm}", rrset=rrset, value={"algorithm": one.algorithm}, remedy=set_nsec3(hand, text))
    if one.iterations:
        text = f"NSEC3 has {one.iterations} extra iterations"
        ledger.note("iterations", text, address=address, rrset=rrset, value={"iterations": one.iterations}, remedy=set_nsec3(hand, text))
    if one.salt:
        text = f"NSEC3 has a salt of {len(one.salt)} octets"
        ledger.note("salt", text, address=address, rrset=rrset, value={"salt_octets": len(one.salt)}, remedy=set_nsec3(hand, text))


def _judge_together(ledger: Ledger, hand: ZoneInHand, seen: dict[str, tuple[tuple[Nsec3Param, ...], tuple[Nsec3Param, ...]]], *, rolling: bool) -> None:
    sets = {address: frozenset((one.algorithm, one.iterations, one.salt) for one in (*declared, *used)) for address, (declared, used) in seen.items()}
    if len(set(sets.values())) < 2:
        return
    usual = max(set(sets.values()), key=lambda one: (sum(held == one for held in sets.values()), sorted(one)))
    for address, held in sets.items():
        if held != usual:
            told = ", ".join(f"{algorithm} {iterations} {salt.hex().upper() or '-'}" for algorithm, iterations, salt in sorted(held))
            notice = rolling and bool(behind(hand))
            ledger.note("servers-differ", f"this server has other NSEC3 parameters than the others: {told}", address=address, part="parameters", rrset=f"{hand.text}/NSEC3PARAM", remedy=fetch_anew(hand, address, "It has other NSEC3 parameters"), severity=Severity.NOTICE if notice else None)


CHECK = Check(
    id="dnssec-nsec3",
    category="dnssec",
    title="Sound NSEC3 parameters",
    requirement="NSEC3 has hash algorithm 1, no extra iterations, no salt, no unknown flag, and the same parameters on every server.",
    remedy="Set iterations to 0 and no salt, or use NSEC.",
    codes=(
        Code("iterations", Severity.WARNING, "NSEC3 has extra iterations.", ("zonemaster:DS03_ILLEGAL_ITERATION_VALUE",)),
        Code("salt", Severity.WARNING, "NSEC3 has a salt.", ("zonemaster:DS03_ILLEGAL_SALT_LENGTH",)),
        Code("opt-out", Severity.NOTICE, "NSEC3 has opt-out, in a zone that is no top-level domain.", ("zonemaster:DS03_NSEC3_OPT_OUT_ENABLED_NON_TLD",)),
        Code("hash-algorithm", Severity.FAILURE, "NSEC3 has a hash algorithm that is not 1.", ("zonemaster:DS03_ILLEGAL_HASH_ALGO",)),
        Code("unknown-flag", Severity.FAILURE, "NSEC3 or NSEC3PARAM has a flag without meaning.", ("zonemaster:DS03_UNASSIGNED_FLAG_USED",)),
        Code("servers-differ", Severity.FAILURE, "Servers have different NSEC3 parameters.", ("zonemaster:DS03_INCONSISTENT_HASH_ALGO", "zonemaster:DS03_INCONSISTENT_ITERATION", "zonemaster:DS03_INCONSISTENT_SALT_LENGTH", "zonemaster:DS03_INCONSISTENT_NSEC3_FLAGS")),
    ),
    needs=("zone", "zone.denial", "zone.nsec3param"),
    references=("zonemaster:DNSSEC03", "rfc:9276", "rfc:5155"),
    judge=judge,
)
