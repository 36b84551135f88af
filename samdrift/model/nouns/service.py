"""Service: a system that members use, who operates it, what it promises and what it stands on."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Day, Decimal, DnsName, Id, Noun, Ref, Seconds, SharedBy, Text
from samdrift.model.nouns import NounSpec


class Endpoint(Noun):
    """A place where the service answers, declared once: DNS, TLS, SLIs, parity and ports read it (common.md 2)."""

    id: Id
    """The endpoint's id in the service. For example: https"""
    member: Ref | None = None
    """The member it answers for. For example: bracke"""
    protocol: Literal["https", "http", "smtp", "imaps", "ldaps", "ssh", "dns", "tcp", "udp"]
    """What it speaks. For example: https"""
    host: DnsName | None = None
    """Its DNS name. For example: w3d3.bracke.example"""
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    """Its whole address. For example: https://w3d3.bracke.example/"""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Its port when not the usual one. For example: 443"""
    health: Text | None = None
    """Path that answers when the service is well. For example: /health"""


class Objective(Noun):
    """Availability objective in per cent, per member where it differs."""

    default: Decimal
    """The availability promised to all users [per cent]. For example: 99.5"""
    members: dict[Ref, Decimal] = {}
    """Member to another promise [per cent]. For example: {ragunda: 99.0}"""


class Sli(Noun):
    """A service level indicator: a probe (time) or a ratio (good of valid events)."""

    id: Id
    """The indicator's id. For example: webb"""
    kind: Literal["probe", "ratio"]
    """Time by probe, or good of valid events. For example: probe"""
    module: Text | None = None
    """The blackbox module. For example: http_2xx"""
    interval: Seconds = 15
    """How often it is probed. For example: 15 s"""
    targets: dict[Ref, Text] = {}
    """Member to what is probed. For example: {bracke: "https://w3d3.bracke.example/"}"""
    good: Text | None = None
    """PromQL of good events. For example: http_requests_total{code!~"5.."}"""
    valid: Text | None = None
    """PromQL of valid events. For example: http_requests_total"""


class VatPeriod(Noun):
    """The VAT category (UNTDID 5305) of a service from a date."""

    from_: Day
    """First local day. For example: 2016-01-01"""
    category: Literal["S", "E", "O"]
    """UNTDID 5305: S taxed, E exempt, O outside. For example: S"""
    rate: Decimal = Fraction(0)
    """The rate [per cent]. For example: 25"""


class FailOver(Noun):
    """How the service moves to the partner site."""

    devices: tuple[Ref, ...]
    """The devices that take over. For example: heroma-dr-1"""
    data: Literal["restore", "replica", "none"]
    """How its data comes there. For example: restore"""
    switch: Literal["dns", "address", "route", "none"]
    """What leads users there. For example: dns"""
    people: int = 1
    """How many hands it takes. For example: 1"""
    estimates: dict[Text, Seconds] = {}
    """Step to how long it takes. For example: {switch: 2 min}"""


class Service(Noun):
    """`used_by` are member ids, `kind:municipality` or `all`; ownership follows from it unless said (common.md 2). RPO and RTO are declared here."""

    id: Id
    """The service's id, stable for ever. For example: asynja-bracke"""
    name: Text
    """What its users call it. For example: Asynja"""
    what: Text | None = None
    """What it is. For example: pupils' health records"""
    operator: Ref
    """Who runs it: a member, a supplier or joint. For example: bracke"""
    used_by: tuple[Text, ...]
    """Members, kind:municipality, or all. For example: kind:municipality"""
    owner: Ref | None = None
    """The member whose it is alone, when not its only user. For example: bracke"""
    shared_by: SharedBy | None = None
    """Members to exact shares, when not its users. For example: {ostersund: 2/3, krokom: 1/3}"""
    state: Literal["planned", "active", "retired"] = "active"
    """Where it is in its life. For example: active"""
    class_: Literal["a", "b", "c"] = "b"
    """How urgent it is; a pages. For example: a"""
    devices: tuple[Ref, ...] = ()
    """The devices that it stands on. For example: brk-asynja-1"""
    depends_on: tuple[Ref, ...] = ()
    """The services that it needs. For example: jamtnet"""
    endpoints: tuple[Endpoint, ...] = ()
    """Where it answers."""
    objective: Objective | None = None
    """The availability promised."""
    judged_on: Literal["net", "gross"] = "net"
    """Whether planned work counts: net without, gross with. For example: net"""
    slis: tuple[Sli, ...] = ()
    """What its availability is measured by."""
    rota: Ref | None = None
    """Who is on call for it. For example: drift"""
    rpo: Seconds | None = None
    """The oldest that data may be after a loss. For example: 28 h"""
    rto: Seconds | None = None
    """How soon it must be back. For example: 4 h"""
    survives: Literal["nothing", "element", "site"] | None = None
    """What may be lost without losing it. For example: element"""
    fail_over: FailOver | None = None
    """How it moves to the partner site."""
    programme: Text | None = None
    """The county-wide programme that it belongs to. For example: e-halsa"""
    since: Day | None = None
    """The day it began. For example: 2016-01-01"""
    vat: tuple[VatPeriod, ...] = ()
    """Its VAT category over time."""
    focus_category: Text | None = None
    """Its category in FOCUS. For example: Compute"""


NOUN = NounSpec("services", "service", Service)
