"""Chain: canonical bytes, salted digests and verification; one form for audit, proofs and closes (common.md 8)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
_PLAIN = frozenset({str, int, bool, type(None)})


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8, no float and no NaN (after RFC 8785, integers and text only)."""
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
"""Made once: json.dumps makes one at each call, which is most of its time here."""


def _refuse_floats(value: Any) -> None:
    kind = type(value)
    if kind in _PLAIN:
        return
    if isinstance(value, float):
        raise TypeError("a float has no canonical form here; use an integer or exact text")
    if kind is dict or isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"key {key!r} is not text")
            if type(inner) not in _PLAIN:
                _refuse_floats(inner)
    elif kind is list or kind is tuple or (isinstance(value, Sequence) and not isinstance(value, str | bytes)):
        for inner in value:
            if type(inner) not in _PLAIN:
                _refuse_floats(inner)


def digest(content: bytes) -> str:
    """Hex SHA-256 (FIPS 180-4)."""
    return hashlib.sha256(content).hexdigest()


def field_digests(fields: Mapping[str, Any], salt: str) -> dict[str, str]:
    """A salted digest per field: a name can be taken out later and the chain still verifies (reliability.md A3)."""
    return {name: digest(canonical([salt, name, value])) for name, value in fields.items()}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a chain: its number, its fields' digests, the previous entry's digest, its own digest and the key that salts it."""

    seq: int
    fields: Mapping[str, str]
    previous: str
    digest: str
    key_id: str

    @classmethod
    def make(cls, seq: int, fields: Mapping[str, str], previous: str, key_id: str) -> Link:
        return cls(seq, dict(fields), previous, link_digest(seq, fields, previous, key_id), key_id)


def link_digest(seq: int, fields: Mapping[str, str], previous: str, key_id: str) -> str:
    """The digest of an entry over its number, fields, predecessor and key id."""
    return digest(canonical({"seq": seq, "fields": dict(fields), "previous": previous, "key_id": key_id}))


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first bad entry of a chain and what is wrong with it."""

    seq: int
    damage: str


def verify(links: Iterable[Link], head: str | None = None) -> ChainFault | None:
    """None when the chain is whole; else the first bad entry: `altered`, `missing`, `swapped`, or `cut` against a known head."""
    previous, expected = GENESIS, 1
    for link in links:
        if link.seq != expected:
            return ChainFault(expected, "missing" if link.seq > expected else "swapped")
        if link.previous != previous or link.digest != link_digest(link.seq, link.fields, link.previous, link.key_id):
            return ChainFault(link.seq, "altered")
        previous, expected = link.digest, expected + 1
    if head is not None and head != previous:
        return ChainFault(expected, "cut")
    return None
