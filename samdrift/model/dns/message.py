"""DNS messages read from wire form, bounded and without judgement: a broken record stays a record (RFC 1035, 6891, dns.md D8)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from samdrift.model.dns import types
from samdrift.model.dns.names import MAX_OCTETS, Name, is_name

QR, AA, TC, RD, RA, AD, CD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020, 0x0010
PAYLOAD = 1232
"""Octets of UDP that we say we take (DNS Flag Day 2020)."""
DO = 0x8000
Variant = Literal["edns", "plain", "version-1", "unknown-option", "unknown-flag", "recursive", "chaos"]
"""How a question is put: with EDNS0 and DO (the usual way), without EDNS, with EDNS version 1, with an option or a flag that nobody
knows (RFC 6891 6.1.2-6.1.4), asking for recursion, or in class CH (`version.bind`)."""
UNKNOWN_OPTION = 65_432
"""An EDNS option code of the local range that no server has a meaning for (RFC 6891 9)."""
UNKNOWN_FLAG = 0x0040
"""A bit of EDNS's reserved Z field."""


def _opt(*, version: int = 0, flags: int = DO, options: bytes = b"") -> bytes:
    return struct.pack(">BHHBBHH", 0, types.OPT, PAYLOAD, 0, version, flags, len(options)) + options


_TAILS: Mapping[Variant, bytes] = MappingProxyType(
    {
        "edns": _opt(), "recursive": _opt(), "chaos": _opt(), "plain": b"", "version-1": _opt(version=1), "unknown-flag": _opt(flags=DO | UNKNOWN_FLAG),
        "unknown-option": _opt(options=struct.pack(">HH", UNKNOWN_OPTION, 4) + b"samd"),
    }
)  # fmt: skip
_HEADER, _FIXED = struct.Struct(">6H"), struct.Struct(">HHIH")
_ONE_NAME = frozenset({types.NS, types.CNAME, types.PTR, types.DNAME})
_NAME_AT = {types.NS: 0, types.CNAME: 0, types.PTR: 0, types.DNAME: 0, types.MX: 2}
"""Where the data of a record is a name to its end."""
_LEADING = {types.MX: 2, 18: 2, 21: 2, 36: 2, 33: 6, types.RRSIG: 18}
"""Octets before the one name of a record's data."""


class Malformed(ValueError):
    """Octets that are no DNS message; the message says where."""


class Record(NamedTuple):
    """One record. Names in `data` are decompressed and, where RFC 4034 6.2 has them so, lower-case; all else is as it came."""

    owner: Name
    type: int
    cls: int
    ttl: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A reply. `rcode` has EDNS's upper bits; `edns` is None without an OPT record, else (payload, version, flags); `options` are its octets."""

    flags: int
    rcode: int
    question: tuple[Name, int, int] | None
    answer: tuple[Record, ...]
    authority: tuple[Record, ...]
    additional: tuple[Record, ...]
    edns: tuple[int, int, int] | None
    options: bytes = b""

    @property
    def authoritative(self) -> bool:
        return bool(self.flags & AA)

    @property
    def truncated(self) -> bool:
        return bool(self.flags & TC)

    def rrset(self, owner: Name, rtype: int) -> tuple[Record, ...]:
        """The answer section's records of one owner and type; those that should hold a name and do not are left out."""
        return _with_names(rtype, tuple(record for record in self.answer if record.type == rtype and record.owner == owner))

    def signatures(self, owner: Name, covered: int, *, section: tuple[Record, ...] | None = None) -> tuple[Record, ...]:
        """RRSIG records over one RRset, from the answer section unless another is given."""
        wanted = struct.pack(">H", covered)
        records = self.answer if section is None else section
        return tuple(record for record in records if record.type == types.RRSIG and record.owner == owner and record.data[:2] == wanted)

    def delegation(self, owner: Name, rtype: int) -> tuple[Record, ...]:
        """The authority section's records of one owner and type, as in a referral, likewise."""
        return _with_names(rtype, tuple(record for record in self.authority if record.type == rtype and record.owner == owner))


def _with_names(rtype: int, records: tuple[Record, ...]) -> tuple[Record, ...]:
    at = _NAME_AT.get(rtype)
    return records if at is None else tuple(record for record in records if is_name(record.data[at:]))


def make_query(name: Name, rtype: int, message_id: int, variant: Variant = "edns") -> bytes:
    """A question in one of the ways of `Variant`; recursion is desired in `recursive` alone."""
    tail = _TAILS[variant]
    head = _HEADER.pack(message_id, RD if variant == "recursive" else 0, 1, 0, 0, 1 if tail else 0)
    return head + name + struct.pack(">HH", rtype, types.CH if variant == "chaos" else types.IN) + tail


def answers_question(wire: bytes, name: Name, rtype: int, variant: Variant = "edns") -> bool:
    """Whether the octets are a reply to exactly this question (the id is the caller's matter); nothing else is read."""
    end = 12 + len(name)
    if len(wire) < 12 or not wire[2] & 0x80:
        return False
    if wire[4:6] == b"\0\0":  # some servers leave the question out of FORMERR, NOTIMP and BADVERS
        return wire[3] & 0x0F in {types.FORMERR, types.NOTIMP} or variant == "version-1"
    return wire[12:end].lower() == name and wire[end : end + 4] == struct.pack(">HH", rtype, types.CH if variant == "chaos" else types.IN)


@lru_cache(maxsize=16_384)
def read_message(wire: bytes) -> Message:
    """The message in the octets; Malformed when they are none. Equal octets are read once."""
    if len(wire) < 12:
        raise Malformed(f"{len(wire)} octets are no message")
    _, flags, questions, *counts = _HEADER.unpack_from(wire)
    try:
        question, at = _question(wire, questions)
        sections = []
        for count in counts:
            records, at = _records(wire, at, count)
            sections.append(records)
    except (IndexError, struct.error):
        raise Malformed(f"the message of {len(wire)} octets ends inside a record") from None
    answer, authority, additional = sections
    opt = next((record for record in additional if record.type == types.OPT), None)
    extended = 0 if opt is None else opt.ttl >> 24 << 4
    edns = None if opt is None else (opt.cls, opt.ttl >> 16 & 0xFF, opt.ttl & 0xFFFF)
    plain = tuple(record for record in additional if record.type != types.OPT)
    return Message(flags, flags & 0x0F | extended, question, answer, authority, plain, edns, b"" if opt is None else opt.data)


def _question(wire: bytes, count: int) -> tuple[tuple[Name, int, int] | None, int]:
    at, first = 12, None
    for _ in range(count):
        name, at = read_name(wire, at)
        rtype, cls = struct.unpack_from(">HH", wire, at)
        at += 4
        first = first or (name, rtype, cls)
    return first, at


def _records(wire: bytes, at: int, count: int) -> tuple[tuple[Record, ...], int]:
    found = []
    for _ in range(count):
        owner, at = read_name(wire, at)
        rtype, cls, ttl, length = _FIXED.unpack_from(wire, at)
        at += 10
        end = at + length
        if end > len(wire):
            raise Malformed(f"a record of type {types.type_name(rtype)} runs over the end")
        found.append(Record(owner, rtype, cls, ttl, _data(wire, at, end, rtype)))
        at = end
    return tuple(found), at


def _data(wire: bytes, at: int, end: int, rtype: int) -> bytes:
    """A record's data with its names written out; data too short for its type stays as it is."""
    try:
        if rtype in _ONE_NAME:
            return read_name(wire, at)[0] if at < end else b""
        if rtype == types.SOA:
            first, after = read_name(wire, at)
            second, after = read_name(wire, after)
            return first + second + wire[after:end]
        if rtype in _LEADING and at + _LEADING[rtype] < end:
            name, after = read_name(wire, at + _LEADING[rtype])
            return wire[at : at + _LEADING[rtype]] + name + wire[after:end]
    except (Malformed, IndexError):
        return wire[at:end]
    return wire[at:end]


def read_name(wire: bytes, at: int) -> tuple[Name, int]:
    """The name at an offset and the offset after it; Malformed for a loop or an overlong name (pointers only lead back)."""
    start, end, parts, size = at, -1, [], 0
    while True:
        length = wire[at]
        if length == 0:
            parts.append(wire[start : at + 1])
            name = b"".join(parts).lower() if len(parts) > 1 else parts[0].lower()
            if len(name) > MAX_OCTETS:
                raise Malformed(f"a name of {len(name)} octets")
            return name, at + 1 if end < 0 else end
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | wire[at + 1]
            parts.append(wire[start:at])
            size += at - start
            if target >= start or size > MAX_OCTETS:
                raise Malformed(f"the compression pointer at octet {at} leads nowhere")
            if end < 0:
                end = at + 2
            at = start = target
        elif length > 63:
            raise Malformed(f"a label of kind {length >> 6} at octet {at}")
        else:
            at += length + 1
