"""dnssec-algorithm: every key of the zone has an algorithm that is meant for signing zones today (RFC 9904, 9905, 9906)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import change_keys
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Severity

GOOD = frozenset({8, 13, 14, 15, 16, 17, 23})
DEPRECATED = frozenset({1, 3, 5, 6, 7, 12})
NOT_FOR_SIGNING = frozenset({0, 2, 252})
PRIVATE = frozenset({253, 254})
RESERVED = frozenset({4, 9, 11, 255, *range(123, 252)})
"""IANA's DNS Security Algorithm Numbers (2025-11)."""
WORDS = {
    "deprecated": "is deprecated", "not-recommended": "is not recommended", "not-for-signing": "is not for signing zones",
    "private": "is for private use", "reserved": "is reserved", "unassigned": "is not assigned",
}  # fmt: skip


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each key's number against the registry."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    judged = tuple(address for address in hand.speaking if hand.keys(address))
    if not judged:
        return ledger.without_keys()
    for address in judged:
        for key in hand.keys(address):
            code = kind(key.algorithm)
            if code is not None:
                name = types.ALGORITHM_NAMES.get(key.algorithm)
                text = f"key {key.key_tag} has algorithm {key.algorithm}" + (f" ({name})" if name else "") + f", which {WORDS[code]}"
                value = {"key_tag": key.key_tag, "algorithm": key.algorithm}
                ledger.note(code, text, address=address, part=f"key-{key.key_tag}-{key.algorithm}", rrset=f"{hand.text}/DNSKEY", value=value, remedy=change_keys(hand, text, key))
    numbers = sorted({key.algorithm for address in judged for key in hand.keys(address)})
    return ledger.findings(well="algorithms " + ", ".join(f"{one} ({types.ALGORITHM_NAMES.get(one, '?')})" for one in numbers), judged=judged, rtypes=(types.DNSKEY,))


def kind(algorithm: int) -> str | None:
    """The code of a number; None when it is well."""
    if algorithm in GOOD:
        return None
    if algorithm == 10:
        return "not-recommended"
    groups = {"deprecated": DEPRECATED, "not-for-signing": NOT_FOR_SIGNING, "private": PRIVATE, "reserved": RESERVED}
    return next((code for code, numbers in groups.items() if algorithm in numbers), "unassigned")


CHECK = Check(
    id="dnssec-algorithm",
    category="dnssec",
    title="Sound key algorithms",
    requirement="Every DNSKEY has algorithm 8, 13 to 17 or 23.",
    remedy="Roll over to ECDSA P-256 (algorithm 13).",
    codes=(
        Code("deprecated", Severity.FAILURE, "A key has a deprecated algorithm (SHA-1, MD5, DSA or GOST 2001).", ("zonemaster:DS05_ALGO_DEPRECATED",)),
        Code("not-recommended", Severity.WARNING, "A key has RSA with SHA-512, which is not recommended.", ("zonemaster:DS05_ALGO_NOT_RECOMMENDED",)),
        Code("not-for-signing", Severity.FAILURE, "A key has a number that is not for signing zones.", ("zonemaster:DS05_ALGO_NOT_ZONE_SIGN",)),
        Code("private", Severity.FAILURE, "A key has an algorithm for private use.", ("zonemaster:DS05_ALGO_PRIVATE",)),
        Code("reserved", Severity.FAILURE, "A key has a reserved algorithm number.", ("zonemaster:DS05_ALGO_RESERVED",)),
        Code("unassigned", Severity.FAILURE, "A key has an algorithm number that is not assigned.", ("zonemaster:DS05_ALGO_UNASSIGNED",)),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC05", "rfc:9904", "rfc:9905"),
    judge=judge,
)
