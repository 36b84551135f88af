"""What was observed of a zone from the root down: each question, its answer as it came, and what could not be asked (dns.md D9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from samdrift.model.dns.message import Malformed, Message, read_message
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.types import type_name
from samdrift.model.finding import Reason

Transport = Literal["udp", "tcp"]
Family = Literal["ipv4", "ipv6"]
FAMILIES: tuple[Family, Family] = ("ipv4", "ipv6")
Side = Literal["parent", "child"]


def family_of(address: str) -> Family:
    """The family of an address in its written form."""
    return "ipv6" if ":" in address else "ipv4"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to one address and what came of it: `reply` with its id set to 0, or `error`. `rtt_us` in microseconds."""

    side: Side
    address: str
    transport: Transport
    name: Name
    type: int
    at: datetime
    rtt_us: int | None = None
    reply: bytes | None = None
    error: Reason | None = None

    @property
    def message(self) -> Message | None:
        """The reply read; None when there is none or it cannot be read."""
        if self.reply is None:
            return None
        try:
            return read_message(self.reply)
        except Malformed:
            return None

    @property
    def failure(self) -> Reason | None:
        """Why there is no readable answer; None when there is one."""
        if self.error is not None:
            return self.error
        return None if self.message is not None else Reason.MALFORMED

    @property
    def asked(self) -> str:
        """The question in words: `krokom.se./SOA`."""
        return f"{to_text(self.name)}/{type_name(self.type)}"


@dataclass(frozen=True, slots=True)
class Host:
    """A name server's name and the addresses that resolution or the zone itself gives; `unknown` holds why a family could not be found out."""

    name: Name
    addresses: tuple[str, ...] = ()
    unknown: Mapping[Family, Reason] = field(default_factory=dict)

    def of(self, family: Family) -> tuple[str, ...]:
        """Its addresses of one family."""
        return tuple(address for address in self.addresses if family_of(address) == family)


@dataclass(frozen=True, slots=True)
class ZoneObservation:
    """All that was seen of one zone in one view. `last_answer` says when each family was last known to work (D5).

    `stopped` is deadline or check-error when the look was cut short; what was seen until then stands.
    """

    zone: Name
    view: str
    started_at: datetime
    ended_at: datetime
    parent: Name | None = None
    exchanges: tuple[Exchange, ...] = ()
    hosts: tuple[Host, ...] = ()
    last_answer: Mapping[Family, datetime] = field(default_factory=dict)
    parent_asked: bool = True
    stopped: Reason | None = None

    @property
    def name(self) -> str:
        """The zone as people and JSON write it: A-labels without the final dot (the root is `.`)."""
        return to_text(self.zone).removesuffix(".") or "."
