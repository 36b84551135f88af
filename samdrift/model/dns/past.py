"""What earlier runs saw of a zone, as plain data handed to its checks (dns.md D11)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from samdrift.model.dns.evidence import evidence_id
from samdrift.model.finding import Evidence
from samdrift.model.period import from_microseconds, microseconds

Kind = Literal["serial", "dnskey", "ds", "rrsig", "cds"]
PAST = "dns-past"
LARGEST = 16 * 2**20
"""Octets that a stored past may unpack to."""


@dataclass(frozen=True, slots=True, order=True)
class Sight:
    """One thing of a zone, first and last seen. `what` is a serial, or `TAG-ALG`; `address` the server's, None for the parent or any.

    Of an rrsig `what` is `TAG-ALG` over the zone's data, `TAG-ALG-DNSKEY` over its keys. `since_at`: since when without a gap;
    `gone_at`: the first run that looked there and did not find it any more; `ttl_seconds` as last seen.
    """

    kind: Kind
    what: str
    address: str | None
    first_at: datetime
    last_at: datetime
    since_at: datetime | None = None
    gone_at: datetime | None = None
    ttl_seconds: int = 0


@dataclass(frozen=True, slots=True)
class ZonePast:
    """All sights of a zone in one view, in how many runs it was looked at before this one, and when first and last."""

    sights: tuple[Sight, ...] = ()
    runs: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def of(self, kind: Kind, what: str | None = None) -> tuple[Sight, ...]:
        """The sights of one kind (and of one thing), the oldest first."""
        return tuple(sorted((one for one in self.sights if one.kind == kind and what in {None, one.what}), key=lambda one: (one.first_at, one.what)))

    def first_seen(self, kind: Kind, what: str) -> datetime | None:
        """When a thing was first seen anywhere; None when never."""
        return _first(one.first_at for one in self.of(kind, what))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run saw: (kind, what, address) → TTL in seconds, and which (kind, address) were looked at with an answer."""

    things: Mapping[tuple[Kind, str, str | None], int] = field(default_factory=dict)
    looked: frozenset[tuple[Kind, str | None]] = frozenset()


def _first(instants: Iterable[datetime]) -> datetime | None:
    return min(instants, default=None)


NO_PAST = ZonePast()


def past_to_evidence(past: ZonePast, zone: str, view: str, at: datetime) -> Evidence:
    """The past as a piece of evidence, so that what rests on it can be judged again (D9)."""
    told = {
        "zone": zone, "view": view, "runs": past.runs, "first_us": past.first_at and microseconds(past.first_at), "last_us": past.last_at and microseconds(past.last_at),
        "sights": [
            [one.kind, one.what, one.address, microseconds(one.first_at), microseconds(one.last_at), one.since_at and microseconds(one.since_at), one.gone_at and microseconds(one.gone_at), one.ttl_seconds]
            for one in past.sights
        ],
    }  # fmt: skip
    packed = zlib.compress(json.dumps(told, separators=(",", ":"), sort_keys=True).encode(), 6)
    return Evidence(evidence_id(packed), PAST, packed, at, {"zone": zone, "view": view})


def past_from_evidence(piece: Evidence) -> ZonePast:
    """What `past_to_evidence` kept; ValueError when the content is none."""
    unpacker = zlib.decompressobj()
    try:
        whole = unpacker.decompress(piece.content, LARGEST)
    except zlib.error as error:
        raise ValueError(f"{piece.id} cannot be unpacked: {error}") from None
    told = json.loads(whole)
    return ZonePast(tuple(_sight(one) for one in told["sights"]), told["runs"], _at(told["first_us"]), _at(told["last_us"]))


def _sight(told: list[Any]) -> Sight:
    kind, what, address, first, last, since, gone, ttl = told
    return Sight(kind, what, address, from_microseconds(first), from_microseconds(last), _at(since), _at(gone), ttl)


def _at(value: int | None) -> datetime | None:
    return None if value is None else from_microseconds(value)
