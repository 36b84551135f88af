"""Records that deny: NSEC and NSEC3 as values, their order and their hash (RFC 4034 4 and 6, RFC 5155 3 and 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache

from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Message, Record, read_name
from samdrift.model.dns.names import Name, labels

OPT_OUT = 0x01
SHA1 = 1
MOST_ITERATIONS = 150
"""More are never computed (RFC 9276 3.2: resolvers give such answers up)."""


@dataclass(frozen=True, slots=True)
class Nsec:
    """From `owner` to `next` there is no name; at `owner` there are these types."""

    owner: Name
    next: Name
    types: frozenset[int]

    def matches(self, name: Name) -> bool:
        """Whether it stands at the name."""
        return self.owner == name

    def covers(self, name: Name) -> bool:
        """Whether it says that there is no such name; the last one of a zone points to the apex."""
        return _between(order(self.owner), order(name), order(self.next))


@dataclass(frozen=True, slots=True)
class Nsec3:
    """The same over hashes of names; `owner` is the hash in its own name."""

    owner: bytes
    algorithm: int
    flags: int
    iterations: int
    salt: bytes
    next: bytes
    types: frozenset[int]

    @property
    def is_opt_out(self) -> bool:
        return bool(self.flags & OPT_OUT)

    def matches(self, name: Name) -> bool:
        """Whether it stands at the name's hash."""
        return self.owner == hash_name(name, self.iterations, self.salt)

    def covers(self, name: Name) -> bool:
        """Whether it says that there is no name of this hash."""
        return _between((self.owner,), (hash_name(name, self.iterations, self.salt),), (self.next,))


def order(name: Name) -> tuple[bytes, ...]:
    r"""The key of canonical order (RFC 4034 6.1).

    >>> order(b"\1a\2se\0") < order(b"\1b\1a\2se\0") < order(b"\1b\2se\0")
    True
    """
    return tuple(reversed(labels(name)))


def _between(first: tuple[bytes, ...], at: tuple[bytes, ...], after: tuple[bytes, ...]) -> bool:
    return first < at < after if first < after else at > first or at < after


@lru_cache(maxsize=16_384)
def hash_name(name: Name, iterations: int, salt: bytes) -> bytes:
    r"""The name's SHA-1 hash (RFC 5155 5); ValueError over `MOST_ITERATIONS`.

    >>> base64.b32hexencode(hash_name(b"\7example\0", 12, bytes.fromhex("aabbccdd"))).decode().lower()
    '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'
    """
    if iterations > MOST_ITERATIONS:
        raise ValueError(f"{iterations} iterations")
    digest = hashlib.sha1(name + salt, usedforsecurity=False).digest()
    for _ in range(iterations):
        digest = hashlib.sha1(digest + salt, usedforsecurity=False).digest()
    return digest


def read_nsec(record: Record) -> Nsec:
    """From a record; Malformed when its data is none."""
    try:
        after, at = read_name(record.data, 0)
    except IndexError:
        raise Malformed("the NSEC's data is too short") from None
    return Nsec(record.owner, after, read_types(record.data[at:]))


def read_nsec3(record: Record) -> Nsec3:
    """From a record; Malformed when its data or its owner's first label is none."""
    try:
        algorithm, flags, iterations, size = struct.unpack_from(">BBHB", record.data)
        salt, at = record.data[5 : 5 + size], 5 + size
        length = record.data[at]
        after = record.data[at + 1 : at + 1 + length]
        owner = base64.b32hexdecode(labels(record.owner)[0].upper())
    except (IndexError, struct.error, binascii.Error):
        raise Malformed("the NSEC3's data or owner is no hash") from None
    if len(after) != length or len(salt) != size:
        raise Malformed("the NSEC3's data is too short")
    return Nsec3(owner, algorithm, flags, iterations, salt, after, read_types(record.data[at + 1 + length :]))


def types_at_apex(zone: Name, message: Message) -> frozenset[int] | None:
    """The types that a server's reply "there is no such type" shows at the apex; None when it shows none that can be believed.

    Believed is one readable record at the apex, of one kind, that names SOA, NS and RRSIG; who signed it is judged elsewhere (dnssec-denial).
    """
    if message.answer or not message.authoritative or message.rcode != types.NOERROR:
        return None
    kinds = {record.type for record in message.authority} & {types.NSEC, types.NSEC3}
    try:
        held: list[Nsec | Nsec3] = [read_nsec(one) if one.type == types.NSEC else read_nsec3(one) for one in message.authority if one.type in kinds]
    except Malformed:
        return None
    if len(kinds) != 1 or any(isinstance(one, Nsec3) and (one.algorithm != SHA1 or one.iterations > MOST_ITERATIONS) for one in held):
        return None
    shown = [one.types for one in held if one.matches(zone)]
    return shown[0] if len(shown) == 1 and shown[0] >= {types.SOA, types.NS, types.RRSIG} else None


@dataclass(frozen=True, slots=True)
class Nsec3Param:
    """The parameters that a zone's servers hash with (RFC 5155 4)."""

    algorithm: int
    flags: int
    iterations: int
    salt: bytes


def read_nsec3param(data: bytes) -> Nsec3Param:
    """From a record's data; Malformed when it is none."""
    try:
        algorithm, flags, iterations, size = struct.unpack_from(">BBHB", data)
    except struct.error:
        raise Malformed("the NSEC3PARAM's data is too short") from None
    if len(data) != 5 + size:
        raise Malformed("the NSEC3PARAM's salt has not its length")
    return Nsec3Param(algorithm, flags, iterations, data[5:])


def read_types(data: bytes) -> frozenset[int]:
    """The types of a bitmap (RFC 4034 4.1.2); Malformed when its windows are none.

    >>> sorted(read_types(bytes.fromhex("0006400000000003")))
    [1, 46, 47]
    """
    found, at = set(), 0
    while at < len(data):
        window, size = data[at], data[at + 1] if at + 1 < len(data) else 0
        octets = data[at + 2 : at + 2 + size]
        if not 1 <= size <= 32 or len(octets) != size:
            raise Malformed("the bitmap of types has a window of a wrong size")
        found |= {window * 256 + place * 8 + bit for place, octet in enumerate(octets) for bit in range(8) if octet & 0x80 >> bit}
        at += 2 + size
    return frozenset(found)
