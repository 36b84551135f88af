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
    member: Ref | None = None
    protocol: Literal["https", "http", "smtp", "imaps", "ldaps", "ssh", "dns", "tcp", "udp"]
    host: DnsName | None = None
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    health: Text | None = None


class Objective(Noun):
    """Availability objective in per cent, per member where it differs."""

    default: Decimal
    members: dict[Ref, Decimal] = {}


class Sli(Noun):
    """A service level indicator: a probe (time) or a ratio (good of valid events)."""

    id: Id
    kind: Literal["probe", "ratio"]
    module: Text | None = None
    interval: Seconds = 15
    targets: dict[Ref, Text] = {}
    good: Text | None = None
    valid: Text | None = None


class VatPeriod(Noun):
    """The VAT category (UNTDID 5305) of a service from a date."""

    from_: Day
    category: Literal["S", "E", "O"]
    rate: Decimal = Fraction(0)


class FailOver(Noun):
    """How the service moves to the partner site."""

    devices: tuple[Ref, ...]
    data: Literal["restore", "replica", "none"]
    switch: Literal["dns", "address", "route", "none"]
    people: int = 1
    estimates: dict[Text, Seconds] = {}


class Service(Noun):
    """`used_by` are member ids, `kind:municipality` or `all`; ownership follows from it unless said (common.md 2). RPO and RTO are declared here."""

    id: Id
    name: Text
    what: Text | None = None
    operator: Ref
    used_by: tuple[Text, ...]
    owner: Ref | None = None
    shared_by: SharedBy | None = None
    state: Literal["planned", "active", "retired"] = "active"
    class_: Literal["a", "b", "c"] = "b"
    devices: tuple[Ref, ...] = ()
    depends_on: tuple[Ref, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    objective: Objective | None = None
    judged_on: Literal["net", "gross"] = "net"
    slis: tuple[Sli, ...] = ()
    rota: Ref | None = None
    rpo: Seconds | None = None
    rto: Seconds | None = None
    survives: Literal["nothing", "element", "site"] | None = None
    fail_over: FailOver | None = None
    programme: Text | None = None
    since: Day | None = None
    vat: tuple[VatPeriod, ...] = ()
    focus_category: Text | None = None


NOUN = NounSpec("services", "service", Service)
