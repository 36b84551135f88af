"""dnssec-rrsig-valid: every RRset that was asked for bears a signature that verifies and is in force, on every server."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.compliance.answers import Answer, answers
from samdrift.compliance.entry import entry_keys, is_rolling_well
from samdrift.compliance.key_ring import Weighed, Worth, in_force
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Severity
from samdrift.model.period import rfc3339

UNSURE = {Worth.TOO_COSTLY: Reason.TOO_COSTLY, Worth.UNSUPPORTED: Reason.ALGORITHM_UNSUPPORTED}


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """An RRset with one good signature is well, and what is wrong with its others a notice. Of the proofs of absence only the dates
    are judged here, the rest by dnssec-denial.
    """
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.is_signed:
        return ledger.not_applicable(f"{hand.seen.name} is not signed")
    now, count, kinds = int(at.timestamp()), 0, set()
    rolling = is_rolling_well(hand, at)
    for answer in answers(hand):
        count += 1
        kinds.add(answer.type)
        _judge_set(ledger, hand, answer, now, rolling=rolling)
    return ledger.findings(well=f"{count} signed answers verify", judged=hand.speaking, rtypes=sorted(kinds))


def _judge_set(ledger: Ledger, hand: ZoneInHand, answer: Answer, now: int, *, rolling: bool) -> None:
    if not answer.signatures:
        if not answer.denial:
            text = f"{answer.label(hand.zone)} has no signature"
            ledger.note("missing", text, address=answer.address, part=answer.label(hand.zone), rrset=answer.rrset_name, remedy=sign_again(hand, text))
        return
    weighed = hand.rings[answer.address].weigh(answer.rrset, answer.signatures, now)
    counting = _counting(hand, answer, weighed)
    good = any(one.worth is Worth.GOOD and in_force(one.signature, now) for one in counting)
    unsure = [] if good else [one for one in counting if one.worth in UNSURE and in_force(one.signature, now)]
    if unsure:
        reason = UNSURE[min(one.worth for one in unsure)]
        ledger.unknown(reason, f"the signatures over {answer.label(hand.zone)} could not be judged ({reason})", part=answer.label(hand.zone))
        return
    for one in weighed:
        fault = _fault(one, answer.label(hand.zone), now)
        if fault is not None and (not answer.denial or fault[0] in {"expired", "not-yet-valid"}):
            notice = good or one not in counting or (rolling and fault[0] == "unknown-key")
            _note(ledger, hand, answer, one, fault, Severity.NOTICE if notice else None)


def _counting(hand: ZoneInHand, answer: Answer, weighed: tuple[Weighed, ...]) -> tuple[Weighed, ...]:
    """The signatures that a validating resolver needs: over the DNSKEY set those by the keys it enters by, when there are any."""
    if answer.type != types.DNSKEY or answer.owner != hand.zone:
        return weighed
    tags = {(key.key_tag, key.algorithm) for key in entry_keys(hand, answer.address)}
    return tuple(one for one in weighed if (one.signature.key_tag, one.signature.algorithm) in tags) or weighed


def _fault(one: Weighed, name: str, now: int) -> tuple[str, str] | None:
    """Code and text of what is wrong with a signature; None when nothing is, or when it cannot be told."""
    signature = one.signature
    if signature.left_seconds(now) < 0:
        return "expired", f"the signature over {name} ended {_instant(now + signature.left_seconds(now))}"
    if signature.age_seconds(now) < 0:
        return "not-yet-valid", f"the signature over {name} begins {_instant(now - signature.age_seconds(now))}"
    if one.worth is Worth.UNKNOWN_KEY:
        return "unknown-key", f"{name} is signed by key {signature.key_tag}, which is not in the zone"
    if one.worth is Worth.BAD:
        return "bad-signature", f"the signature over {name} by key {signature.key_tag} does not verify"
    return None


def _note(ledger: Ledger, hand: ZoneInHand, answer: Answer, one: Weighed, fault: tuple[str, str], severity: Severity | None) -> None:
    code, text = fault
    tag = one.signature.key_tag
    remedy = None if severity is Severity.NOTICE else sign_again(hand, text)
    ledger.note(code, text, address=answer.address, part=f"{answer.label(hand.zone)}-{tag}", rrset=answer.rrset_name, value={"key_tag": tag}, remedy=remedy, severity=severity)


def _instant(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


CHECK = Check(
    id="dnssec-rrsig-valid",
    category="dnssec",
    title="Signatures verify",
    requirement="Every RRset that is asked for bears an RRSIG that is in force and verifies with a key of the zone.",
    remedy="Sign again with the keys that the zone publishes.",
    codes=(
        Code("missing", Severity.FAILURE, "An answer of a signed zone bears no signature.", ("zonemaster:DS08_MISSING_RRSIG_IN_RESPONSE", "zonemaster:DS09_MISSING_RRSIG_IN_RESPONSE", "zonemaster:EXTRA_PROCESSING_BROKEN")),
        Code("expired", Severity.FAILURE, "A signature has ended.", ("zonemaster:DS08_DNSKEY_RRSIG_EXPIRED", "zonemaster:DS09_SOA_RRSIG_EXPIRED", "zonemaster:RRSIG_EXPIRED")),
        Code("not-yet-valid", Severity.FAILURE, "A signature has not begun.", ("zonemaster:DS08_DNSKEY_RRSIG_NOT_YET_VALID", "zonemaster:DS09_SOA_RRSIG_NOT_YET_VALID")),
        Code("bad-signature", Severity.FAILURE, "A signature does not verify.", ("zonemaster:DS08_RRSIG_NOT_VALID_BY_DNSKEY", "zonemaster:DS09_RRSIG_NOT_VALID_BY_DNSKEY", "zonemaster:DS02_RRSIG_NOT_VALID_BY_DNSKEY")),
        Code("unknown-key", Severity.FAILURE, "A signature is by a key that is not in the zone.", ("zonemaster:DS08_NO_MATCHING_DNSKEY", "zonemaster:DS09_NO_MATCHING_DNSKEY")),
    ),
    needs=("zone", "zone.address", "zone.aaaa"),
    references=("zonemaster:DNSSEC06", "zonemaster:DNSSEC08", "zonemaster:DNSSEC09", "rfc:4035"),
    judge=judge,
)
