"""dnssec-key-size: RSA keys are neither so small that they can be broken nor so large that resolvers refuse them."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import change_keys
from samdrift.compliance.signatures import rsa_bits
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Severity

RSA = frozenset({1, 5, 7, 8, 10})


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The bits of each RSA key's modulus; other algorithms have one size each."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    judged = tuple(address for address in hand.speaking if hand.keys(address))
    if not judged:
        return ledger.without_keys()
    keys = {(address, key.data): key for address in judged for key in hand.keys(address) if key.algorithm in RSA}
    if not keys:
        return ledger.not_applicable(f"{hand.seen.name} has no RSA key")
    for (address, _), key in keys.items():
        bits = rsa_bits(key.key)
        code = _code(bits)
        if code is not None:
            text = f"the RSA key {key.key_tag} has {bits} bits"
            ledger.note(code, text, address=address, part=f"key-{key.key_tag}-{key.algorithm}", rrset=f"{hand.text}/DNSKEY", value={"key_tag": key.key_tag, "algorithm": key.algorithm, "bits": bits}, remedy=change_keys(hand, text, key))
    sizes = sorted({rsa_bits(key.key) for key in keys.values()})
    return ledger.findings(well=f"RSA keys of {', '.join(map(str, sizes))} bits", judged=judged, rtypes=(types.DNSKEY,))


def _code(bits: int) -> str | None:
    if bits < 1024:
        return "too-small"
    if bits < 2048:
        return "small"
    return "too-large" if bits > 4096 else None


CHECK = Check(
    id="dnssec-key-size",
    category="dnssec",
    title="RSA keys of a sound size",
    requirement="An RSA key has at least 2048 and at most 4096 bits.",
    remedy="Roll over to RSA of 2048 bits, or better to ECDSA P-256.",
    codes=(
        Code("too-small", Severity.FAILURE, "An RSA key has less than 1024 bits.", ("zonemaster:DNSKEY_TOO_SMALL_FOR_ALGO",)),
        Code("small", Severity.WARNING, "An RSA key has less than 2048 bits.", ("zonemaster:DNSKEY_SMALLER_THAN_REC",)),
        Code("too-large", Severity.FAILURE, "An RSA key has more than 4096 bits, and no resolver need take it.", ("zonemaster:DNSKEY_TOO_LARGE_FOR_ALGO",)),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC14", "rfc:3110", "rfc:5702"),
    judge=judge,
)
