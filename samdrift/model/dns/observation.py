"""What was observed of a zone from the root down: each question, its answer as it came, and what could not be asked (dns.md D9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from samdrift.model.dns.message import Malformed, Message, Variant, read_message
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.types import AXFR, type_name
from samdrift.model.dns.view import PUBLIC_FACTS, ViewFacts
from samdrift.model.finding import Reason

Transport = Literal["udp", "tcp"]
Family = Literal["ipv4", "ipv6"]
FAMILIES: tuple[Family, Family] = ("ipv4", "ipv6")
Side = Literal["parent", "child", "other"]
"""Whom a question went to: a server of the parent, a server of the zone, or one of another zone (an ancestor's keys, a PTR, an MX's addresses)."""


def family_of(address: str) -> Family:
    """The family of an address in its written form."""
    return "ipv6" if ":" in address else "ipv4"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to one address and what came of it: `reply` with its id set to 0, or `error`. `rtt_us` in microseconds.

    `variant` says how it was put; a usual question that got its answer only without EDNS bears `plain`.
    """

    side: Side
    address: str
    transport: Transport
    name: Name
    type: int
    at: datetime
    rtt_us: int | None = None
    reply: bytes | None = None
    error: Reason | None = None
    variant: Variant = "edns"

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
    def silent_until(self) -> datetime | None:
        """Until when nothing came, where our own lost family would look the same (D5); None for an answer, a refusal or a broken reply."""
        if self.reply is not None or self.error not in {Reason.TIMEOUT, Reason.UNREACHABLE, Reason.STALLED}:
            return None
        return self.at + timedelta(microseconds=self.rtt_us or 0)

    @property
    def whole(self) -> Message | None:
        """The reply read, when it is not cut off (TC): the only kind that says what a server holds."""
        found = self.message
        return None if found is None or found.truncated else found

    @property
    def usual(self) -> bool:
        """Whether it asked in the usual way what the server holds; probes of EDNS or recursion and transfers are not compared with others."""
        return self.variant in {"edns", "plain"} and self.type != AXFR

    @property
    def asked(self) -> str:
        """The question in words: `krokom.se./SOA`, and how it was put when not in the usual way."""
        how = "" if self.variant == "edns" else f" ({self.variant})"
        return f"{to_text(self.name)}/{type_name(self.type)}{how}"


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

    `stopped` is deadline or check-error when the look was cut short; what was seen until then stands. `parent_asked` is False for
    the root and for a zone tried before its delegation; `given` holds the servers then named by hand (NS names and addresses).
    `asked` are the question sets that were put, `facts` what the view says; both are kept with the evidence, so that a later
    judgement knows what a silence means and by which rules of the view it was looked at. `sources`: from which of our addresses
    a server was asked for a transfer.
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
    given: tuple[Host, ...] = ()
    asked: frozenset[str] = frozenset()
    facts: ViewFacts = PUBLIC_FACTS
    sources: Mapping[str, str] = field(default_factory=dict)
    ds_given: tuple[bytes, ...] | None = None
    """DS by hand, which stand for the parent's (D4, D13); None: as the parent has them."""

    @property
    def name(self) -> str:
        """The zone as people and JSON write it: A-labels without the final dot (the root is `.`)."""
        return to_text(self.zone).removesuffix(".") or "."
