"""What a case says of denial and of the chain above, made into real records: NSEC and NSEC3 with hashes, ancestors' keys, signatures."""

from __future__ import annotations

import base64
import hashlib
import struct
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samdrift.compliance.signatures import signed_octets
from samdrift.model.dns import types
from samdrift.model.dns.denial import hash_name
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import Name, count_labels, from_text
from samdrift.model.dns.probe import probe_name
from samdrift.model.dns.records import Dnskey, make_ds, read_dnskey, read_rrsig
from samdrift.model.dns.view import Anchor
from samdrift.model.quantity import read_duration

TTL = 3600
NUMBERS = {name: number for number, name in types.TYPE_NAMES.items()}


class Signing:
    """An Ed25519 key of a zone, made from a number."""

    def __init__(self, zone: Name, seed: int, flags: int = 257) -> None:
        self.zone = zone
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(str(seed).encode()).digest())
        self.data = struct.pack(">HBB", flags, 3, 15) + self.private.public_key().public_bytes_raw()
        self.key: Dnskey = read_dnskey(self.data)

    def sign(self, rrset: list[Record], at: datetime, how: str = "good") -> list[Record]:
        """The RRset with its signature; `how` is good, none, broken, expired or future."""
        if not rrset or how == "none":
            return rrset
        begins, ends = {"expired": (-30, -1), "future": (1, 14)}.get(how, (-1, 14))
        times = [int((at + timedelta(days=days)).timestamp()) for days in (ends, begins)]
        owner = rrset[0].owner
        head = struct.pack(">HBBIIIH", rrset[0].type, 15, count_labels(owner) - (owner[:2] == b"\1*"), rrset[0].ttl, *times, self.key.key_tag) + self.zone
        made = self.private.sign(signed_octets(tuple(rrset), read_rrsig(head)))
        if how == "broken":
            made = bytes([made[0] ^ 1]) + made[1:]
        return [*rrset, Record(owner, types.RRSIG, types.IN, rrset[0].ttl, head + made)]


def bitmap(numbers: set[int]) -> bytes:
    """A bitmap of types in wire form."""
    found = b""
    for window in sorted({one >> 8 for one in numbers}):
        octets = bytearray(32)
        for one in numbers:
            if one >> 8 == window:
                octets[(one & 0xFF) >> 3] |= 0x80 >> (one & 7)
        kept = bytes(octets).rstrip(b"\0")
        found += bytes([window, len(kept)]) + kept
    return found


class Denying:
    """A zone's denial on one server, from the words `kind iterations salt flags algorithm without owner sign types_with types_without`."""

    def __init__(self, zone: Name, spec: dict, present: set[int], key: Signing, at: datetime) -> None:
        self.zone, self.spec, self.key, self.at = zone, spec, key, at
        self.names = [zone, from_text("www").removesuffix(b"\0") + zone]
        shown = (present | {NUMBERS.get(one, 0) for one in spec.get("types_with", ())}) - {NUMBERS[one] for one in spec.get("types_without", ())}
        self.types = {zone: shown, self.names[1]: {types.A, types.RRSIG}}

    def records(self, name: Name, *, exists: bool) -> list[Record]:
        """What proves that the apex has no such type, or that there is no such name, signed."""
        wanted = [name] if exists else [self.zone, name, b"\1*" + self.zone]
        if self.spec.get("without") == "all":
            return []
        made: list[Record] = []
        for part, one in zip(("apex", "name", "wildcard"), wanted, strict=False):
            if part not in self.spec.get("without", ()):
                made += [record for record in self.one(one) if record not in made]
        return made

    def one(self, name: Name) -> list[Record]:
        kinds = {"nsec": (self.nsec,), "nsec3": (self.nsec3,), "both": (self.nsec, self.nsec3)}[self.spec.get("kind", "nsec")]
        return [record for make in kinds for record in self.key.sign([make(name)], self.at, self.spec.get("sign", "good"))]

    def nsec(self, name: Name) -> Record:
        owner = self.names[1] if self.spec.get("owner") == "stray" else self.zone
        after = self.zone if owner != self.zone else self.names[1]
        return Record(owner, types.NSEC, types.IN, TTL, after + bitmap(self.types[owner] | {types.NSEC}))

    def nsec3(self, name: Name) -> Record:
        salt, iterations = bytes.fromhex(self.spec.get("salt", "")), self.spec.get("iterations", 0)
        counted = min(iterations, 150)
        held = sorted((hash_name(one, counted, salt), one) for one in self.names)
        hashed = hash_name(name, counted, salt)
        if self.spec.get("owner") == "stray":
            hashed = held[0][0] if held[0][1] != self.zone else held[1][0]
        at = max((place for place, (one, _) in enumerate(held) if one <= hashed), default=len(held) - 1)
        owner, after = held[at], held[(at + 1) % len(held)]
        label = base64.b32hexencode(owner[0]).lower()
        head = struct.pack(">BBHB", self.spec.get("algorithm", 1), self.spec.get("flags", 0), iterations, len(salt)) + salt
        data = head + bytes([len(after[0])]) + after[0] + bitmap(self.types[owner[1]])
        return Record(bytes([len(label)]) + label + self.zone, types.NSEC3, types.IN, TTL, data)

    def parameters(self) -> list[Record]:
        """The NSEC3PARAM set; none where NSEC proves."""
        if self.spec.get("kind", "nsec") == "nsec":
            return []
        salt = bytes.fromhex(self.spec.get("salt", ""))
        data = struct.pack(">BBHB", self.spec.get("algorithm", 1), self.spec.get("param_flags", 0), self.spec.get("iterations", 0), len(salt)) + salt
        return [Record(self.zone, types.NSEC3PARAM, types.IN, TTL, data)]


PROBE = "0badcafe"


def probe_of(zone: Name) -> Name:
    return probe_name(zone, PROBE)


class Above:
    """The root and `example` above the zone, from the words `anchor root example_ds example_keys delegation`; each may say good, none, broken or expired."""

    def __init__(self, zone: Name, spec: dict, at: datetime) -> None:
        self.zone, self.spec, self.at = zone, spec, at
        self.root, self.top = Signing(b"\0", 1001), Signing(from_text("example"), 1002)

    def anchors(self, own: list[Dnskey]) -> tuple[Anchor, ...] | None:
        """What `anchor` names: root, wrong, example, island (the zone's own DS), island-key, none (nobody said), nobody."""
        word = self.spec.get("anchor", "root")
        if word == "none":
            return None
        if word == "island-key":
            return tuple(Anchor(self.zone, types.DNSKEY, key.data) for key in own[:1])
        made = {"root": (b"\0", self.root.key), "wrong": (b"\0", Signing(b"\0", 1009).key), "example": (self.top.zone, self.top.key), "island": (self.zone, own[0] if own else self.top.key)}
        return () if word == "nobody" else (Anchor(made[word][0], types.DS, _ds(*made[word])),)

    def replies(self) -> list[tuple[Name, int, list[Record], list[Record]]]:
        """(name, type, answer, authority) of each question about the zones above."""
        top = self.top.zone
        ds = [Record(top, types.DS, types.IN, TTL, _ds(top, self.top.key))]
        told = self.spec.get("example_ds", "good")
        denied = told in {"denied", "undenied"}
        proof = self.root.sign([Record(top, types.NSEC, types.IN, TTL, b"\0" + bitmap({types.NS, types.RRSIG, types.NSEC}))], self.at) if told == "denied" else []
        return [
            (b"\0", types.DNSKEY, self.root.sign([Record(b"\0", types.DNSKEY, types.IN, TTL, self.root.data)], self.at, self.spec.get("root", "good")), []),
            (top, types.DS, [] if denied else self.root.sign(ds, self.at, told), proof),
            (top, types.DNSKEY, self.top.sign([Record(top, types.DNSKEY, types.IN, TTL, self.top.data)], self.at, self.spec.get("example_keys", "good")), []),
        ]

    def delegation(self, ds: list[Record]) -> list[Record]:
        """The DS set as the parent signs it, or its proof that there is none."""
        told = self.spec.get("delegation", "good")
        if ds:
            return self.top.sign(ds, self.at, told)
        if told == "none":
            return []
        if told == "opt-out":
            hashed = hash_name(self.zone, 0, b"")
            apex = hash_name(self.top.zone, 0, b"")
            return [
                *self._nsec3(apex, apex, {types.NS, types.SOA, types.RRSIG, types.DNSKEY}),
                *self._nsec3(_moved(hashed, -1), _moved(hashed, 1), {types.NS}),
            ]
        return self.top.sign([Record(self.zone, types.NSEC, types.IN, TTL, self.top.zone + bitmap({types.NS, types.RRSIG, types.NSEC}))], self.at, told)

    def _nsec3(self, owner: bytes, after: bytes, held: set[int]) -> list[Record]:
        label = base64.b32hexencode(owner).lower()
        data = struct.pack(">BBHB", 1, 1, 0, 0) + bytes([20]) + after + bitmap(held)
        return self.top.sign([Record(bytes([len(label)]) + label + self.top.zone, types.NSEC3, types.IN, TTL, data)], self.at)


def _moved(hashed: bytes, by: int) -> bytes:
    return ((int.from_bytes(hashed, "big") + by) % 2**160).to_bytes(20, "big")


def _ds(zone: Name, key: Dnskey) -> bytes:
    made = make_ds(zone, key)
    assert made is not None
    return struct.pack(">HBB", made.key_tag, made.algorithm, made.digest_type) + made.digest


def span(text: str) -> timedelta:
    """`14 d`, `-1 d`, `20 h`."""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    return timedelta(seconds=sign * read_duration(text.strip()))
