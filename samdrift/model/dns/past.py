"""What earlier runs saw of a zone, as plain data handed to its checks (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["serial", "dnskey", "ds", "rrsig", "cds"]


@dataclass(frozen=True, slots=True, order=True)
class Sight:
    """One thing of a zone, first and last seen. `what` is a serial, or `TAG-ALG`; `address` the server's, None for the parent or any."""

    kind: Kind
    what: str
    address: str | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ZonePast:
    """All sights of a zone in one view, and in how many runs it was looked at before this one."""

    sights: tuple[Sight, ...] = ()
    runs: int = 0

    def of(self, kind: Kind, what: str | None = None) -> tuple[Sight, ...]:
        """The sights of one kind (and of one thing), the oldest first."""
        return tuple(sorted((one for one in self.sights if one.kind == kind and what in {None, one.what}), key=lambda one: (one.first_at, one.what)))

    def first_seen(self, kind: Kind, what: str) -> datetime | None:
        """When a thing was first seen anywhere; None when never."""
        return _first(one.first_at for one in self.of(kind, what))


def _first(instants: Iterable[datetime]) -> datetime | None:
    return min(instants, default=None)


NO_PAST = ZonePast()
