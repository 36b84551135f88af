"""Key ring: a server's DNSKEYs by tag and algorithm, and what each signature over an RRset is worth, within bounds (RFC 4035 5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from samdrift.compliance.signatures import Proof, verify
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import Name
from samdrift.model.dns.records import Dnskey, Rrsig

MOST_VERIFICATIONS = 16
"""An RRset and server (dns.md 8): more keys and signatures than that are an attack, not a zone."""


class Worth(StrEnum):
    """What a signature is worth, its dates left aside."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN_KEY = "unknown-key"
    UNSUPPORTED = "unsupported"
    TOO_COSTLY = "too-costly"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signature, what it is worth, and the key that made it when it is good."""

    signature: Rrsig
    worth: Worth
    key: Dnskey | None = None


@dataclass(slots=True)
class KeyRing:
    """The zone keys of `keys`; a key without the zone bit, of another protocol, or revoked signs nothing (RFC 4034 2.1, 5011 2.1)."""

    zone: Name
    keys: tuple[Dnskey, ...]
    _by_tag: dict[tuple[int, int], list[Dnskey]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.keys:
            if key.is_zone_key and key.protocol == 3:
                self._by_tag.setdefault((key.key_tag, key.algorithm), []).append(key)

    def makers(self, signature: Rrsig) -> list[Dnskey]:
        """The keys that may have made a signature; a revoked one may sign the DNSKEY set alone."""
        if signature.signer != self.zone:
            return []
        held = self._by_tag.get((signature.key_tag, signature.algorithm), [])
        return [key for key in held if not key.is_revoked or signature.type_covered == types.DNSKEY]

    def weigh(self, rrset: tuple[Record, ...], signatures: Iterable[Rrsig], now: int) -> tuple[Weighed, ...]:
        """Each signature once, those in force first, then by the time they have left at `now` (seconds since 1970)."""
        found, left = [], MOST_VERIFICATIONS
        for signature in sorted(dict.fromkeys(signatures), key=lambda one: (not in_force(one, now), -one.left_seconds(now), one.key_tag, one.signature)):
            weighed, left = self._weigh_one(rrset, signature, left)
            found.append(weighed)
        return tuple(found)

    def _weigh_one(self, rrset: tuple[Record, ...], signature: Rrsig, left: int) -> tuple[Weighed, int]:
        worth = Worth.UNKNOWN_KEY
        for key in self.makers(signature):
            if left == 0:
                return Weighed(signature, Worth.TOO_COSTLY), 0
            left -= 1
            proof = verify(rrset, signature, key)
            if proof is Proof.GOOD:
                return Weighed(signature, Worth.GOOD, key), left
            worth = Worth.UNSUPPORTED if proof is Proof.UNSUPPORTED else Worth.BAD
        return Weighed(signature, worth), left


def in_force(signature: Rrsig, now: int) -> bool:
    """Whether a signature's dates hold at `now` (seconds since 1970)."""
    return signature.left_seconds(now) >= 0 and signature.age_seconds(now) >= 0


def holds(weighed: Iterable[Weighed], now: int) -> bool:
    """Whether one of the signatures is good and in force."""
    return any(one.worth is Worth.GOOD and in_force(one.signature, now) for one in weighed)
