"""Proposed zone: a zone file's records as the answers that a server would give from it, for judging before it is live (dns.md D13)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from samdrift.model.dns import types
from samdrift.model.dns.denial import MOST_ITERATIONS, Nsec, Nsec3, read_nsec, read_nsec3
from samdrift.model.dns.message import Malformed, Record
from samdrift.model.dns.names import Name, parent
from samdrift.model.dns.observation import Exchange
from samdrift.model.dns.past import Sight, ZonePast
from samdrift.model.dns.probe import probe_name

PLACE = "zonefile"
"""What stands where a server's address does."""
APEX = (types.SOA, types.NS, types.DNSKEY, types.A, types.AAAA, types.CDS, types.CDNSKEY, types.NSEC3PARAM)
PROBE = "proposed"
MOST_BELOW = 4000
"""RRsets below the apex that are judged; a zone with more is judged by these."""


def answers_from(zone: Name, records: Sequence[Record], at: datetime) -> tuple[Exchange, ...]:
    """The usual questions about the apex and a random name, answered from the records."""
    proofs = list(_proofs(records))
    soa = _signed(records, zone, types.SOA)
    found = []
    at_apex = {record.type for record in records if record.owner == zone} - {types.RRSIG, types.NSEC, types.NSEC3}
    for rtype in dict.fromkeys((*APEX, *sorted(at_apex), types.UNUSED)):
        answer = _signed(records, zone, rtype)
        authority = [] if answer else [*soa, *_chosen(records, proofs, [zone])]
        found.append(exchange_of(zone, rtype, at, 0x8400, answer, authority))
    if not any(record.owner == b"\1*" + zone for record in records):
        probe = probe_name(zone, PROBE)
        found.append(exchange_of(probe, types.A, at, 0x8403, [], [*soa, *_chosen(records, proofs, [zone, probe, b"\1*" + zone])]))
    return (*found, *(exchange_of(owner, rtype, at, 0x8400, answer, []) for (owner, rtype), answer in _below(zone, records).items()))


def _below(zone: Name, records: Sequence[Record]) -> dict[tuple[Name, int], list[Record]]:
    """The signed RRsets below the apex, at most `MOST_BELOW`: what lies at or below a cut is not the zone's, but for DS."""
    cuts = {record.owner for record in records if record.type == types.NS and record.owner != zone}
    found: dict[tuple[Name, int], list[Record]] = {}
    for record in records:
        rtype = struct.unpack_from(">H", record.data)[0] if record.type == types.RRSIG and len(record.data) >= 2 else record.type
        if record.owner == zone or rtype in {types.NSEC, types.NSEC3, types.RRSIG}:
            continue
        if is_cut_off(record.owner, zone, cuts) and not (record.owner in cuts and rtype == types.DS):
            continue
        if (record.owner, rtype) in found or len(found) < MOST_BELOW:
            found.setdefault((record.owner, rtype), []).append(record)
    return found


def with_cds(zone: Name, exchanges: Iterable[Exchange], cds: Sequence[bytes], at: datetime) -> tuple[Exchange, ...]:
    """The exchanges with a CDS set in place of those that servers gave; it is not signed, for the signer has not seen it."""
    kept = [each for each in exchanges if not (each.side == "child" and each.name == zone and each.type in {types.CDS, types.CDNSKEY})]
    records = [Record(zone, types.CDS, types.IN, 0, data) for data in cds]
    addresses = sorted({each.address for each in kept if each.side == "child"}) or [PLACE]
    made = [replace(exchange_of(zone, types.CDS, at, 0x8400, records, []), address=address) for address in addresses]
    return (*kept, *made)


def still_standing(past: ZonePast, at: datetime) -> ZonePast:
    """The past as it is while a change is tried: what the last run saw is taken to be served until now."""
    return replace(past, sights=tuple(_until(one, at) if one.gone_at is None else one for one in past.sights))


def _until(one: Sight, at: datetime) -> Sight:
    return replace(one, last_at=max(one.last_at, at))


def is_cut_off(owner: Name, zone: Name, cuts: set[Name]) -> bool:
    """Whether a name lies at or below a delegation."""
    while owner != zone and len(owner) > 1:
        if owner in cuts:
            return True
        owner = parent(owner)
    return False


def _signed(records: Iterable[Record], owner: Name, rtype: int) -> list[Record]:
    covered = struct.pack(">H", rtype)
    return [record for record in records if record.owner == owner and (record.type == rtype or (record.type == types.RRSIG and record.data[:2] == covered))] if _has(records, owner, rtype) else []


def _has(records: Iterable[Record], owner: Name, rtype: int) -> bool:
    return any(record.owner == owner and record.type == rtype for record in records)


def _proofs(records: Iterable[Record]) -> Iterator[tuple[Record, Nsec | Nsec3]]:
    for record in records:
        try:
            if record.type == types.NSEC:
                yield record, read_nsec(record)
            elif record.type == types.NSEC3:
                yield record, read_nsec3(record)
        except Malformed:
            continue


def _chosen(records: Sequence[Record], proofs: list[tuple[Record, Nsec | Nsec3]], names: list[Name]) -> list[Record]:
    """The proofs that stand at a name or cover it, signed; where hashing is too costly the first, so that this shows."""
    if any(isinstance(one, Nsec3) and one.iterations > MOST_ITERATIONS for _, one in proofs):
        wanted = [proofs[0][0]]
    else:
        wanted = [record for record, one in proofs if any(one.matches(name) or one.covers(name) for name in names)]
    return [each for record in dict.fromkeys(wanted) for each in _signed(records, record.owner, record.type)]


def exchange_of(name: Name, rtype: int, at: datetime, flags: int, answer: Sequence[Record], authority: Sequence[Record]) -> Exchange:
    """A question and its answer as a server would give it from the records."""
    head = struct.pack(">6H", 0, flags, 1, len(answer), len(authority), 0)
    body = b"".join(one.owner + struct.pack(">HHIH", one.type, one.cls, one.ttl, len(one.data)) + one.data for one in (*answer, *authority))
    return Exchange("child", PLACE, "tcp", name, rtype, at, 0, head + name + struct.pack(">HH", rtype, types.IN) + body)
