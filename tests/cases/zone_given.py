"""A zone's observation made from a case's short words: servers, keys, DS, dates, silence; real octets and real signatures (Ed25519)."""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samdrift.compliance.signatures import signed_octets
from samdrift.compliance.zone import DeclaredRollover, ZoneInHand, ZoneTerms
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import from_text, is_within, parent, to_text
from samdrift.model.dns.observation import Exchange, Host, ZoneObservation, family_of
from samdrift.model.dns.past import NO_PAST, Sight, ZonePast
from samdrift.model.dns.records import make_ds, read_dnskey, read_rrsig
from samdrift.model.dns.view import ViewFacts
from samdrift.model.finding import Reason
from tests.cases.dnssec_given import Above, Denying, Signing, probe_of, span

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PARENT_ADDRESS = "198.51.100.1"
TTL = 3600
KINDS = {"SOA": types.SOA, "NS": types.NS, "DNSKEY": types.DNSKEY, "A": types.A, "AAAA": types.AAAA}
MORE = {"CDS": types.CDS, "CDNSKEY": types.CDNSKEY, "NSEC3PARAM": types.NSEC3PARAM}
NUMBERS = {**KINDS, **MORE}
"""What every case asks at the apex, and what it asks when it speaks of it."""


def zone_in_hand(given: dict) -> ZoneInHand:
    """The whole case; see the files in tests/cases/checks for the words."""
    made = _Given(given)
    return zone_more.complete(given, ZoneInHand(made.observation(), _terms(given.get("terms", {})), made.past()))


def _terms(told: dict) -> ZoneTerms:
    rollover = told.get("rollover")
    if rollover is None:
        return ZoneTerms(**told)
    declared = DeclaredRollover(rollover["kind"], rollover.get("old"), rollover.get("new"), AT + span(rollover.get("started", "-2 d")), AT + span(rollover.get("until", "9 d")))
    return ZoneTerms(**{**told, "rollover": declared})


class _Key:
    """Ed25519, whatever number it bears; with `bits` an RSA key of that size, which signs nothing."""

    def __init__(self, seed: int, flags: int = 257, algorithm: int = 15, bits: int = 0, protocol: int = 3) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(str(seed).encode()).digest())
        modulus = ((1 << (bits - 1)) + 2 * seed + 1).to_bytes((bits + 7) // 8, "big") if bits else b""
        self.seed, self.flags = seed, flags
        self.data = struct.pack(">HBB", flags, protocol, algorithm) + (b"\3\1\0\1" + modulus if bits else self.private.public_key().public_bytes_raw())
        self.key = read_dnskey(self.data)


class _Given:
    def __init__(self, given: dict) -> None:
        self.given = given
        self.zone = from_text(given.get("zone", "krokom.example"))
        self.at = AT
        self.keys = {name: _Key(**spec) for name, spec in given.get("keys", {}).items()}

    def sides(self, side: str) -> dict[str, list[str]]:
        return self.given.get(f"{side}_ns", self.given.get("ns", {}))

    # -- records
    def rrset(self, kind: str, address: str) -> list[Record]:
        def record(data: bytes) -> Record:
            return Record(self.zone, NUMBERS[kind], types.IN, TTL, data)

        if kind == "SOA":
            return [record(data) for data in zone_more.soa_data(self.given, address)]
        if kind == "NS":
            return [record(from_text(name)) for name in self.given.get("ns_at", {}).get(address, self.sides("child"))]
        if kind == "DNSKEY":
            told = self.given.get("keys_at", {}).get(address, list(self.keys))
            return [record(self.keys[name].data) for name in told]
        if kind in {"CDS", "CDNSKEY"}:
            told = self.given.get(f"{kind.lower()}_at", {}).get(address, self.given.get(kind.lower(), []))
            return [record(one) for one in (self.cds_data(told) if kind == "CDS" else self.cdnskey_data(told))]
        if kind == "NSEC3PARAM":
            return self.denying(address).parameters()
        return [record(ipaddress.ip_address(one).packed) for one in self.given.get("addresses", {}).get(kind, [])]

    def signed(self, kind: str, rrset: list[Record], address: str) -> list[Record]:
        """The RRset with its signatures; `signatures` says by which key and how long, for all kinds or one, on all servers or one."""
        if not rrset or not self.keys:
            return rrset
        spec = {"by": list(self.keys), "from": "-1 d", "until": "14 d"}
        wanted = self.given.get("signatures", {})
        for part in (wanted.get("all", {}), wanted.get(kind, {}), wanted.get(address, {})):
            spec |= part
        return rrset + [self.signature(kind, rrset, name, spec, number) for number, name in enumerate(spec["by"])]

    def signature(self, kind: str, rrset: list[Record], name: str, spec: dict, number: int = 0) -> Record:
        key = self.keys.get(name) or _Key(99)
        spec = spec | ({"until": spec["until_of"][name]} if name in spec.get("until_of", {}) else {})
        begins, ends = (int((self.at + span(spec[word])).timestamp()) for word in ("from", "until"))
        count = len([one for one in self.zone.split(b"\0")[0:1] if one]) and _labels(self.zone)
        head = struct.pack(">HBBIIIH", NUMBERS[kind], spec.get("algorithm", key.key.algorithm), count, TTL, ends, begins, key.key.key_tag) + self.zone
        octets = signed_octets(tuple(rrset), read_rrsig(head))
        made = key.private.sign(octets)
        if spec.get("broken"):
            made = bytes([made[0] ^ 1 ^ (number * 2 if spec["broken"] == "each" else 0)]) + made[1:]
        return Record(self.zone, types.RRSIG, types.IN, TTL, head + made)

    def ds_set(self, parent_address: str) -> list[Record]:
        told = self.given.get("ds_at", {}).get(parent_address, self.given.get("ds", []))
        return [Record(self.zone, types.DS, types.IN, TTL, data) for data in self.cds_data(told)]

    def cdnskey_data(self, told: list) -> list[bytes]:
        return [bytes.fromhex("0000030000") if one == "delete" else (self.keys.get(one) or _Key(97)).data for one in told]

    def cds_data(self, told: list) -> list[bytes]:
        """The data of DS or CDS records: a key's name, `delete`, or what is odd about it."""
        found = []
        for spec in told:
            if spec == "delete":
                data = bytes.fromhex("0000000000")
            elif isinstance(spec, str):
                ds = make_ds(self.zone, self.keys[spec].key)
                data = struct.pack(">HBB", ds.key_tag, ds.algorithm, ds.digest_type) + ds.digest
            else:
                key = self.keys.get(spec.get("of", "")) or _Key(spec.get("seed", 98))
                ds = make_ds(self.zone, key.key, spec.get("type", 2)) or make_ds(self.zone, key.key)
                digest = bytes.fromhex(spec["digest"]) if "digest" in spec else ds.digest
                if "cut" in spec:
                    found.append(bytes.fromhex(spec["cut"]))
                    continue
                data = struct.pack(">HBB", key.key.key_tag, spec.get("algorithm", 15), spec.get("type", 2)) + digest
            found.append(data)
        return found

    # -- denial and the chain above
    def denying(self, address: str) -> Denying:
        spec = self.given.get("denial", {}) | self.given.get("denial_at", {}).get(address, {})
        kinds = {NUMBERS[kind] for kind in self.kinds if kind != "NSEC3PARAM" and self.rrset(kind, address)} | {types.RRSIG}
        kinds |= set() if spec.get("kind", "nsec") == "nsec" else {types.NSEC3PARAM}
        key = next(iter(self.keys.values()), None) or _Key(96)
        return Denying(self.zone, spec, kinds, Signing(self.zone, key.seed, key.flags), self.at)

    @property
    def kinds(self) -> dict[str, int]:
        """The types asked at the apex: those beyond the usual when the case speaks of them."""
        words = {"CDS": {"cds", "cds_at", "cdnskey", "cdnskey_at"}, "CDNSKEY": {"cds", "cds_at", "cdnskey", "cdnskey_at"}, "NSEC3PARAM": {"denial", "denial_at"}}
        return KINDS | {kind: number for kind, number in MORE.items() if words[kind] & set(self.given)}

    def denials(self, address: str) -> list[Exchange]:
        """The replies to an unused type at the apex and to a random name."""
        if not {"denial", "denial_at"} & set(self.given):
            return []
        told = self.given.get("child_says", {}).get(address, {})
        said = told.get("denial", "answer") if isinstance(told, dict) else told
        if said != "answer":
            return [self.exchange("child", address, types.UNUSED, error=said)]
        proof, found = self.denying(address), []
        for name, rtype, flags in ((self.zone, types.UNUSED, 0x8400), (probe_of(self.zone), types.A, 0x8403)):
            soa = self.signed("SOA", self.rrset("SOA", address), address)
            reply = message(name, rtype, flags=flags, authority=[*soa, *proof.records(name, exists=name == self.zone)])
            found.append(Exchange("child", address, "udp", name, rtype, self.at, 1000, reply))
        return found

    def above(self) -> list[Exchange]:
        """What the zones above said of themselves."""
        if "chain" not in self.given:
            return []
        made = Above(self.zone, self.given["chain"], self.at).replies()
        silent = self.given["chain"].get("silent", [])
        return [
            Exchange("other", "198.51.100.9", "udp", name, rtype, self.at, 1000, message(name, rtype, flags=0x8400, answer=answer, authority=authority))
            if f"{to_text(name)}/{types.type_name(rtype)}" not in silent
            else Exchange("other", "198.51.100.9", "udp", name, rtype, self.at, error=Reason.TIMEOUT)
            for name, rtype, answer, authority in made
        ]

    # -- exchanges
    def observation(self) -> ZoneObservation:
        exchanges = [*self.above(), *self.at_parent(), *(one for address in self.child_addresses() for one in self.at_child(address))]
        names = sorted({*self.sides("parent"), *self.sides("child")})
        unknown = {name: {family: Reason(why) for family, why in said.items()} for name, said in self.given.get("unknown", {}).items()}
        hosts = tuple(Host(from_text(name), tuple(dict.fromkeys((*self.sides("parent").get(name, ()), *self.sides("child").get(name, ())))), unknown.get(name, {})) for name in names)
        vantage = self.given.get("vantage", ["ipv4", "ipv6"])
        stopped = self.given.get("stopped")
        return ZoneObservation(
            self.zone, "public", self.at, self.at + timedelta(seconds=2), parent(self.zone), tuple(exchanges), hosts,
            {family: self.at + timedelta(seconds=9) for family in vantage}, stopped=Reason(stopped) if stopped else None,
            facts=self.facts(),
        )  # fmt: skip

    def past(self) -> ZonePast:
        """`past: {runs, first, sights: [[kind, what, address, first, last, gone, ttl]]}`; `what` may be a key's name, with `/keys` for what it signs there."""
        told = self.given.get("past")
        if told is None:
            return NO_PAST
        sights = [self.sight(*one) for one in told.get("sights", ())]
        return ZonePast(tuple(sights), told.get("runs", 2), self.at + span(told.get("first", "-30 d")), self.at + span(told.get("last", "-1 h")))

    def sight(self, kind: str, what: str, address: str | None, first: str, last: str = "-1 h", gone: str | None = None, ttl: int = TTL) -> Sight:
        name, _, suffix = str(what).partition("/")
        if name in self.keys or name == "gone":
            key = self.keys[name].key if name in self.keys else _Key(98, 257).key
            what = f"{key.key_tag}-{key.algorithm}" + ("-DNSKEY" if suffix else "")
        began = self.at + span(first)
        return Sight(kind, str(what), address, began, self.at + span(last), began, None if gone is None else self.at + span(gone), ttl)

    def facts(self) -> ViewFacts:
        chain = self.given.get("chain")
        return ViewFacts() if chain is None else ViewFacts(anchors=Above(self.zone, chain, self.at).anchors([key.key for key in self.keys.values()]))

    def child_addresses(self) -> list[str]:
        return list(dict.fromkeys(one for side in ("parent", "child") for held in self.sides(side).values() for one in held))

    def exchange(self, side: str, address: str, kind: int, transport: str = "udp", reply: bytes | None = None, error: str | None = None) -> Exchange:
        return Exchange(side, address, transport, self.zone, kind, self.at, 1000 if reply else None, reply, Reason(error) if error else None)

    def at_parent(self) -> list[Exchange]:
        found = []
        for address in self.given.get("parents", [PARENT_ADDRESS]):
            told = self.given.get("parent_says", {}).get(address, "referral")
            if told == "silence":
                found.append(self.exchange("parent", address, types.NS, error="timeout"))
                continue
            if told == "alias":
                reply = message(self.zone, types.NS, flags=0x8400, answer=[Record(self.zone, types.CNAME, types.IN, TTL, from_text("other.example"))])
            elif told == "no-zone":
                reply = message(self.zone, types.NS, flags=0x8403)
            else:
                names = [Record(self.zone, types.NS, types.IN, TTL, from_text(name)) for name in self.sides("parent")]
                glue = [
                    Record(from_text(name), types.AAAA if ":" in one else types.A, types.IN, TTL, ipaddress.ip_address(one).packed)
                    for name, held in self.sides("parent").items() if is_within(from_text(name), self.zone) for one in held
                ]  # fmt: skip
                reply = message(self.zone, types.NS, flags=0x8000, authority=names + (Above(self.zone, self.given["chain"], self.at).delegation(self.ds_set(address)) if "chain" in self.given else self.ds_set(address)), additional=glue)
            found.append(self.exchange("parent", address, types.NS, reply=reply))
        return found

    def at_child(self, address: str) -> list[Exchange]:
        told = self.given.get("child_says", {}).get(address, {})
        found = []
        for kind, number in self.kinds.items():
            said = told.get(kind, told.get("all", "answer")) if isinstance(told, dict) else told
            found.append(self.said(address, number, kind, said))
            if said in {"timeout", "refused", "unreachable"} and kind == "SOA":
                break
        found += self.denials(address)
        over_tcp = told.get("tcp", "answer") if isinstance(told, dict) else told
        found.append(self.said(address, types.SOA, "SOA", over_tcp, "tcp"))
        return found

    def said(self, address: str, number: int, kind: str, said: str, transport: str = "udp") -> Exchange:
        if said in {"timeout", "refused", "unreachable", "stalled"}:
            return self.exchange("child", address, number, transport, error=said)
        if said == "malformed":
            return self.exchange("child", address, number, transport, reply=b"\0\0\x84\0\0\1\0\7\0\0\0\0" + self.zone + b"\0\1\0\1")
        if said.startswith("rcode "):
            return self.exchange("child", address, number, transport, reply=message(self.zone, number, flags=0x8400 | int(said[6:])))
        if (odd := zone_more.odd_reply(self.zone, number, kind, said, self.rrset)) is not None:
            return self.exchange("child", address, number, transport, reply=odd)
        if said == "short-rdata":
            return self.exchange("child", address, number, transport, reply=message(self.zone, number, flags=0x8400, answer=[Record(self.zone, number, types.IN, TTL, b"\1\2\3")]))
        rrset = [] if said == "empty" else self.rrset(kind, address)
        answer = rrset if said == "unsigned" else self.signed(kind, rrset, address)
        proof = self.denying(address).records(self.zone, exists=True) if not answer and {"denial", "denial_at"} & set(self.given) else []
        return self.exchange("child", address, number, transport, reply=message(self.zone, number, flags=0x8400, answer=answer, authority=proof))


def _labels(name: bytes) -> int:
    count = 0
    while name[0]:
        name, count = name[name[0] + 1 :], count + 1
    return count


def message(name: bytes, rtype: int, *, flags: int, answer=(), authority=(), additional=()) -> bytes:
    """A reply in wire form with EDNS0, without compression."""
    additional = (*additional, Record(b"\0", types.OPT, 1232, 0x8000, b""))
    head = struct.pack(">6H", 0, flags, 1, len(answer), len(authority), len(additional))
    records = b"".join(one.owner + struct.pack(">HHIH", one.type, one.cls, one.ttl, len(one.data)) + one.data for one in (*answer, *authority, *additional))
    return head + name + struct.pack(">HH", rtype, types.IN) + records


from tests.cases import zone_more  # noqa: E402 (it builds on this file)

__all__ = ["AT", "family_of", "span", "zone_in_hand"]
