"""Records' data as values: addresses, SOA, DS, DNSKEY, RRSIG, read from wire form without refusing odd ones (RFC 4034)."""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from dataclasses import dataclass
from functools import lru_cache

from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Record, read_name
from samdrift.model.dns.names import Name, to_text

ZONE_FLAG, SEP_FLAG, REVOKE_FLAG = 0x0100, 0x0001, 0x0080


def address(record: Record) -> str | None:
    """The address of an A or AAAA record in its one written form; None when its length is wrong."""
    if record.type == types.A and len(record.data) == 4:
        return str(ipaddress.IPv4Address(record.data))
    if record.type == types.AAAA and len(record.data) == 16:
        return str(ipaddress.IPv6Address(record.data))
    return None


@dataclass(frozen=True, slots=True)
class Soa:
    """A start of authority; times in seconds."""

    mname: Name
    rname: Name
    serial: int
    refresh: int
    retry: int
    expire: int
    minimum: int


@lru_cache(maxsize=4096)
def read_soa(data: bytes) -> Soa:
    """From a record's data; Malformed when it is none."""
    try:
        mname, at = read_name(data, 0)
        rname, at = read_name(data, at)
        return Soa(mname, rname, *struct.unpack_from(">5I", data, at))
    except (IndexError, struct.error):
        raise Malformed("the SOA's data is too short") from None


@dataclass(frozen=True, slots=True)
class Ds:
    """A delegation signer; `digest` of whatever length it came with."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: bytes

    @property
    def well_formed(self) -> bool:
        """Whether the digest has the length of its type; unknown types have none."""
        return types.DIGEST_OCTETS.get(self.digest_type) == len(self.digest)

    def text(self) -> str:
        """The record's data in a zone file."""
        return f"{self.key_tag} {self.algorithm} {self.digest_type} {self.digest.hex().upper()}"


@lru_cache(maxsize=4096)
def read_ds(data: bytes) -> Ds:
    """From a record's data, also with an odd type or length; Malformed under 4 octets."""
    if len(data) < 4:
        raise Malformed("the DS's data is too short")
    tag, algorithm, digest_type = struct.unpack_from(">HBB", data)
    return Ds(tag, algorithm, digest_type, data[4:])


@dataclass(frozen=True, slots=True)
class Dnskey:
    """A key of a zone; `data` is the record's whole data, which digests and tags are made from."""

    flags: int
    protocol: int
    algorithm: int
    key: bytes
    data: bytes
    key_tag: int

    @property
    def is_zone_key(self) -> bool:
        return bool(self.flags & ZONE_FLAG)

    @property
    def is_sep(self) -> bool:
        return bool(self.flags & SEP_FLAG)

    @property
    def is_revoked(self) -> bool:
        return bool(self.flags & REVOKE_FLAG)


@lru_cache(maxsize=4096)
def read_dnskey(data: bytes) -> Dnskey:
    """From a record's data; Malformed under 4 octets."""
    if len(data) < 4:
        raise Malformed("the DNSKEY's data is too short")
    flags, protocol, algorithm = struct.unpack_from(">HBB", data)
    return Dnskey(flags, protocol, algorithm, data[4:], data, _key_tag(data, algorithm))


def _key_tag(data: bytes, algorithm: int) -> int:
    """RFC 4034 appendix B; algorithm 1 has its own rule."""
    if algorithm == 1:
        return int.from_bytes(data[-3:-1], "big") if len(data) >= 7 else 0
    padded = data + b"\0" if len(data) % 2 else data
    total = int(sum(struct.unpack(f">{len(padded) // 2}H", padded)))
    return (total + (total >> 16)) & 0xFFFF


def make_ds(owner: Name, key: Dnskey, digest_type: int = 2) -> Ds | None:
    """The DS of a key (RFC 4034 5.1.4); None for a digest type that cannot be made here (all but 1, 2 and 4)."""
    if digest_type not in {1, 2, 4}:
        return None
    octets = owner + key.data
    if digest_type == 1:
        digest = hashlib.sha1(octets, usedforsecurity=False).digest()
    else:
        digest = (hashlib.sha256 if digest_type == 2 else hashlib.sha384)(octets).digest()
    return Ds(key.key_tag, key.algorithm, digest_type, digest)


@dataclass(frozen=True, slots=True)
class Rrsig:
    """A signature; times are seconds since 1970 modulo 2³². `head` is what is signed before the RRset: all fields but the signature."""

    type_covered: int
    algorithm: int
    labels: int
    original_ttl: int
    expiration: int
    inception: int
    key_tag: int
    signer: Name
    signature: bytes
    head: bytes

    def left_seconds(self, now: int) -> int:
        """Until it expires, by serial arithmetic (RFC 4034 3.1.5); negative when it has."""
        return _serial_difference(self.expiration, now)

    def age_seconds(self, now: int) -> int:
        """Since its inception; negative when it is not valid yet."""
        return _serial_difference(now, self.inception)

    @property
    def span_seconds(self) -> int:
        return _serial_difference(self.expiration, self.inception)


def _serial_difference(later: int, earlier: int) -> int:
    return ((later - earlier + 2**31) & 0xFFFFFFFF) - 2**31


@lru_cache(maxsize=16_384)
def read_rrsig(data: bytes) -> Rrsig:
    """From a record's data; Malformed when it is too short."""
    try:
        covered, algorithm, count, ttl, expiration, inception, tag = struct.unpack_from(">HBBIIIH", data)
        signer, at = read_name(data, 18)
    except (IndexError, struct.error):
        raise Malformed("the RRSIG's data is too short") from None
    return Rrsig(covered, algorithm, count, ttl, expiration, inception, tag, signer, data[at:], data[:18] + signer)


def ds_line(owner: Name, ds: Ds) -> str:
    """The whole record as a zone file's line."""
    return f"{to_text(owner)} IN DS {ds.text()}"
