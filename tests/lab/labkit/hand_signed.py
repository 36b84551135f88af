"""Zones signed by hand, so that each signature and each proof can be what a test wants: too old, by another key, of wrong types, left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.dnssec
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.NSEC3
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.lab.labkit.part import write

DAY_S = 86_400
Spot = tuple[str, str]
"""A name relative to the zone (`@`) and a type."""


@dataclass(frozen=True)
class HandKey:
    """A key with its DNSKEY; `role` is ksk, zsk or other."""

    role: str
    private: Any
    dnskey: Any

    @classmethod
    def make(cls, role: str, algorithm: int = 13, bits: int = 2048, flags: int | None = None) -> HandKey:
        private: Any = rsa.generate_private_key(65537, bits) if algorithm in {5, 7, 8, 10} else ec.generate_private_key(ec.SECP256R1() if algorithm == 13 else ec.SECP384R1())
        made = dns.dnssec.make_dnskey(private.public_key(), algorithm, flags=flags if flags is not None else 257 if role == "ksk" else 256)
        return cls(role, private, made)


@dataclass(frozen=True)
class Plan:
    """How a zone is signed. `days` from and until now; `by` names roles for a spot; `unsigned`, `broken`: spots; `without_proof`: names that get no NSEC.

    `types` changes the types that a name's proof lists. `nsec3`: (iterations, salt hex, flags), None for NSEC.
    """

    days: tuple[float, float] = (-1, 14)
    spot_days: Mapping[Spot, tuple[float, float]] = field(default_factory=dict)
    by: Mapping[Spot, Sequence[str]] = field(default_factory=dict)
    unsigned: Sequence[Spot] = ()
    broken: Sequence[Spot] = ()
    without_proof: Sequence[str] = ()
    types: Mapping[str, Callable[[set[int]], set[int]]] = field(default_factory=dict)
    nsec3: tuple[int, str, int] | None = None


class HandSigned:
    """One zone with its keys; `write` gives a file signed by a plan."""

    def __init__(self, zone: str, text: str, keys: Sequence[HandKey] | None = None) -> None:
        self.origin = dns.name.from_text(zone)
        self.text = text
        self.keys = list(keys) if keys is not None else [HandKey.make("ksk"), HandKey.make("zsk")]

    def ds(self, role: str = "ksk", digest: str = "SHA256") -> list[str]:
        """DS of the keys of a role."""
        policy = dns.dnssec.allow_all_policy
        return [dns.dnssec.make_ds(self.origin, key.dnskey, digest, policy=policy).to_text() for key in self.keys if key.role == role]

    def write(self, path: Path, plan: Plan = Plan(), keys: Sequence[HandKey] | None = None, more: str = "") -> Path:
        """The signed zone in a file; `keys` replaces those that stand in the zone, not those that sign."""
        zone = dns.zone.from_text(self.text + more, self.origin, relativize=False, check_origin=False)
        for key in self.keys if keys is None else keys:
            zone.find_rdataset(self.origin, "DNSKEY", create=True).add(key.dnskey, 300)
        self._prove(zone, plan)
        lines = []
        for name, rdatasets in sorted((name, list(node.rdatasets)) for name, node in zone.nodes.items()):
            for rdataset in rdatasets:
                lines += [f"{name} {rdataset.ttl} IN {dns.rdatatype.to_text(rdataset.rdtype)} {rdata.to_text()}" for rdata in rdataset]
                lines += [f"{name} {rdataset.ttl} IN RRSIG {made}" for made in self._signatures(zone, name, rdataset, plan)]
        return write(path, "\n".join(lines) + "\n")

    def _cuts(self, zone: dns.zone.Zone) -> set[dns.name.Name]:
        return {name for name, node in zone.nodes.items() if name != self.origin and node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.NS)}

    def _authoritative(self, zone: dns.zone.Zone) -> list[dns.name.Name]:
        cuts = self._cuts(zone)
        return sorted(name for name in zone.nodes if not any(name != cut and name.is_subdomain(cut) for cut in cuts))

    def _signatures(self, zone: dns.zone.Zone, name: dns.name.Name, rdataset: dns.rdataset.Rdataset, plan: Plan) -> Iterator[str]:
        kind, cuts = dns.rdatatype.to_text(rdataset.rdtype), self._cuts(zone)
        short = name.relativize(self.origin).to_text() or "@"
        spot = (short, kind)
        below = any(name != cut and name.is_subdomain(cut) for cut in cuts)
        if spot in plan.unsigned or (short == "*proof" and kind) or below or (name in cuts and kind not in {"DS", "NSEC"}):
            return
        if kind in {"NSEC", "NSEC3"} and ("*", kind) in plan.unsigned:
            return
        roles = plan.by.get(spot, ["ksk"] if kind in {"DNSKEY", "CDS", "CDNSKEY"} else ["zsk", "zsk14"])
        begins, ends = plan.spot_days.get(spot, plan.spot_days.get(("*", kind), plan.days))
        now = time.time()
        for key in self.keys:
            if key.role in roles:
                rrset = dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))
                policy = dns.dnssec.allow_all_policy
                made = dns.dnssec.sign(rrset, key.private, self.origin, key.dnskey, inception=now + begins * DAY_S, expiration=now + ends * DAY_S, policy=policy)
                if spot in plan.broken:
                    made = made.replace(signature=bytes([made.signature[0] ^ 1]) + made.signature[1:])
                yield made.to_text()

    def _prove(self, zone: dns.zone.Zone, plan: Plan) -> None:
        names = self._authoritative(zone)
        held = {name: self._types(zone, name, plan) for name in names}
        if plan.nsec3 is None:
            for place, name in enumerate(names):
                if (name.relativize(self.origin).to_text() or "@") not in plan.without_proof:
                    listed = " ".join(sorted(dns.rdatatype.to_text(one) for one in held[name]))
                    zone.find_rdataset(name, "NSEC", create=True).add(dns.rdata.from_text("IN", "NSEC", f"{names[(place + 1) % len(names)]} {listed}"), 300)
            return
        iterations, salt, flags = plan.nsec3
        zone.find_rdataset(self.origin, "NSEC3PARAM", create=True).add(dns.rdata.from_text("IN", "NSEC3PARAM", f"1 0 {iterations} {salt or '-'}"), 300)
        hashed = sorted((dns.dnssec.nsec3_hash(name, salt or None, iterations, "SHA1"), name) for name in names)
        for place, (label, name) in enumerate(hashed):
            if (name.relativize(self.origin).to_text() or "@") in plan.without_proof:
                continue
            listed = " ".join(sorted(dns.rdatatype.to_text(one) for one in held[name]))
            made = dns.rdata.from_text("IN", "NSEC3", f"1 {flags} {iterations} {salt or '-'} {hashed[(place + 1) % len(hashed)][0]} {listed}")
            zone.find_rdataset(dns.name.from_text(label, self.origin), "NSEC3", create=True).add(made, 300)

    def _types(self, zone: dns.zone.Zone, name: dns.name.Name, plan: Plan) -> set[int]:
        found = {int(one.rdtype) for one in zone.nodes[name].rdatasets} | {int(dns.rdatatype.RRSIG)}
        if name in self._cuts(zone):
            found -= {int(one.rdtype) for one in zone.nodes[name].rdatasets if one.rdtype not in {dns.rdatatype.NS, dns.rdatatype.DS}}
        if plan.nsec3 is None:
            found |= {int(dns.rdatatype.NSEC)}
        elif name == self.origin:
            found |= {int(dns.rdatatype.NSEC3PARAM)}
        change = plan.types.get(name.relativize(self.origin).to_text() or "@")
        return found if change is None else change(found)
