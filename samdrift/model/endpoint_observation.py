"""Endpoint observation: how one endpoint of a service answers on each of its addresses, for parity between the families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from samdrift.model.dns.observation import Family
from samdrift.model.finding import Reason


@dataclass(frozen=True, slots=True)
class Touch:
    """One address of an endpoint, tried once: `closed` says why no connection came; `certificate` is the leaf's SHA-256 in hex;
    `health` the HTTP status of the health path, `health_error` why there was none.
    """

    address: str
    at: datetime
    closed: Reason | None = None
    connect_us: int | None = None
    certificate: str | None = None
    health: int | None = None
    health_error: Reason | None = None

    @property
    def silent_until(self) -> datetime:
        """Until when nothing had come, of one that is closed: only what answered after it proves that the way there worked (D5)."""
        return self.at + timedelta(microseconds=self.connect_us or 0)


@dataclass(frozen=True, slots=True)
class EndpointObservation:
    """`unknown` says why a family's addresses could not be found out; `last_answer` when each family was last known to work."""

    host: str
    port: int
    protocol: str
    started_at: datetime
    touches: tuple[Touch, ...] = ()
    unknown: Mapping[Family, Reason] = field(default_factory=dict)
    last_answer: Mapping[Family, datetime] = field(default_factory=dict)
    stopped: Reason | None = None
