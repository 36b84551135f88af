"""dnssec-rrsig-valid: every RRset that was asked for bears a signature that verifies and is in force, on every server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import sign_again
from samdrift.compliance.signatures import Proof, verify
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Dnskey, Rrsig
from samdrift.model.finding import Finding, Reason, Severity
from samdrift.model.period import rfc3339

KINDS = (types.SOA, types.NS, types.DNSKEY, types.A, types.AAAA)
MOST_VERIFICATIONS = 16
"""An RRset and server (dns.md 8): more keys and signatures than that are an attack, not a zone."""


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    message: str
    signature: Rrsig | None = None


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """An RRset with one good signature is well; what is wrong with its others is then a notice in the text of the good one."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.is_signed:
        return ledger.not_applicable(f"{hand.seen.name} is not signed")
    now = int(at.timestamp())
    count = 0
    for address in hand.speaking:
        for kind in KINDS:
            if hand.rrset(address, kind):
                count += 1
                _judge_set(ledger, hand, address, kind, now)
    return ledger.findings(well=f"{count} signed answers verify", judged=hand.speaking, rtypes=KINDS)


def _judge_set(ledger: Ledger, hand: ZoneInHand, address: str, kind: int, now: int) -> None:
    name = types.type_name(kind)
    signatures = hand.signatures(address, kind)
    if not signatures:
        _note(ledger, hand, address, kind, _Fault("missing", f"{name} has no signature"))
        return
    faults, good, budget = [], False, MOST_VERIFICATIONS
    for signature in sorted(signatures, key=lambda one: -one.left_seconds(now)):
        fault, unsure, budget = _fault(hand, address, kind, signature, now, budget)
        if unsure is not None:
            ledger.unknown(unsure, f"the signature over {name} by key {signature.key_tag} could not be judged ({unsure})", part=f"{name}-{signature.key_tag}")
            return
        good = good or fault is None
        if fault is not None:
            faults.append(fault)
    if not good:
        for fault in faults:
            _note(ledger, hand, address, kind, fault)


def _fault(hand: ZoneInHand, address: str, kind: int, signature: Rrsig, now: int, budget: int) -> tuple[_Fault | None, Reason | None, int]:
    """What is wrong with a signature, or why it cannot be told, and the verifications that are left."""
    name = types.type_name(kind)
    if signature.left_seconds(now) < 0:
        return _Fault("expired", f"the signature over {name} ended {_instant(now + signature.left_seconds(now))}", signature), None, budget
    if signature.age_seconds(now) < 0:
        return _Fault("not-yet-valid", f"the signature over {name} begins {_instant(now - signature.age_seconds(now))}", signature), None, budget
    keys = [key for key in _all_keys(hand, address) if (key.key_tag, key.algorithm) == (signature.key_tag, signature.algorithm) and key.is_zone_key]
    if not keys or signature.signer != hand.zone:
        return _Fault("unknown-key", f"{name} is signed by key {signature.key_tag}, which is not in the zone", signature), None, budget
    proofs = []
    for key in keys:
        if budget == 0:
            return None, Reason.TOO_COSTLY, 0
        budget -= 1
        proofs.append(verify(hand.rrset(address, kind), signature, key))
    if Proof.GOOD in proofs:
        return None, None, budget
    if Proof.UNSUPPORTED in proofs:
        return None, Reason.ALGORITHM_UNSUPPORTED, budget
    return _Fault("bad-signature", f"the signature over {name} by key {signature.key_tag} does not verify", signature), None, budget


def _all_keys(hand: ZoneInHand, address: str) -> tuple[Dnskey, ...]:
    """The keys of this server, or of any when it gives none."""
    return hand.keys(address) or next((keys for other in hand.speaking if (keys := hand.keys(other))), ())


def _note(ledger: Ledger, hand: ZoneInHand, address: str, kind: int, fault: _Fault) -> None:
    name = types.type_name(kind)
    tag = None if fault.signature is None else fault.signature.key_tag
    part = name if tag is None else f"{name}-{tag}"
    ledger.note(fault.code, fault.message, address=address, part=part, rrset=f"{hand.text}/{name}", value={} if tag is None else {"key_tag": tag}, remedy=sign_again(hand, fault.message))


def _instant(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


CHECK = Check(
    id="dnssec-rrsig-valid",
    category="dnssec",
    title="Signatures verify",
    requirement="Every RRset that is asked for bears an RRSIG that is in force and verifies with a key of the zone.",
    remedy="Sign again with the keys that the zone publishes.",
    codes=(
        Code("missing", Severity.FAILURE, "An answer of a signed zone bears no signature.", ("zonemaster:DS08_MISSING_RRSIG_IN_RESPONSE", "zonemaster:DS09_MISSING_RRSIG_IN_RESPONSE")),
        Code("expired", Severity.FAILURE, "A signature has ended.", ("zonemaster:DS08_DNSKEY_RRSIG_EXPIRED", "zonemaster:DS09_SOA_RRSIG_EXPIRED")),
        Code("not-yet-valid", Severity.FAILURE, "A signature has not begun.", ("zonemaster:DS08_DNSKEY_RRSIG_NOT_YET_VALID", "zonemaster:DS09_SOA_RRSIG_NOT_YET_VALID")),
        Code("bad-signature", Severity.FAILURE, "A signature does not verify.", ("zonemaster:DS08_RRSIG_NOT_VALID_BY_DNSKEY", "zonemaster:DS09_RRSIG_NOT_VALID_BY_DNSKEY")),
        Code("unknown-key", Severity.FAILURE, "A signature is by a key that is not in the zone.", ("zonemaster:DS08_NO_MATCHING_DNSKEY", "zonemaster:DS09_NO_MATCHING_DNSKEY")),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC06", "zonemaster:DNSSEC08", "zonemaster:DNSSEC09", "rfc:4035"),
    judge=judge,
)
