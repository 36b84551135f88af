"""The endpoint in hand: what the inventory says of a service's endpoint, and how it answered."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.dns.observation import Family, family_of
from samdrift.model.endpoint_observation import EndpointObservation, Touch


@dataclass(frozen=True, slots=True)
class EndpointInHand:
    """`endpoint` is its id within the service; `member` whose it is (None: all of `members`)."""

    service: str
    endpoint: str
    seen: EndpointObservation
    member: str | None = None
    members: tuple[str, ...] = ()
    zone: str | None = None
    health_path: str | None = None

    def of(self, family: Family) -> tuple[Touch, ...]:
        """What was seen at the addresses of one family."""
        return tuple(touch for touch in self.seen.touches if family_of(touch.address) == family)
