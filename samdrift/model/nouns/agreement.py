"""Agreement: one dated version of how the joint cost is split; one file a version (costs.md 5, 5b)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from samdrift.model.fields import Day, Decimal, Id, KronorFrom0, Noun, Ref, Share, Text
from samdrift.model.money import Tie
from samdrift.model.nouns import NounSpec


class Version(Noun):
    """The head of a version: valid on local dates [from, to)."""

    id: Id
    """The agreement's id; its versions share it. For example: joint-operations"""
    version: Text
    """The version's name. For example: 2018-1"""
    from_: Day
    """First local day on which the version is valid. For example: 2018-07-01"""
    to: Day | None = None
    """First local day on which it is valid no more. For example: 2026-01-01"""
    host: Ref
    """The member that invoices for all. For example: region-jh"""
    decision: Text
    """The decision that the version rests on. For example: Nämndens avtal från 2018-07-01"""
    retroactive: bool = False
    """Whether closed months may be corrected by it. For example: false"""


class Rounding(Noun):
    """One rounding per pool and period (R1-R4)."""

    tie: Tie = "larger-share-then-id"
    """Who gets an öre that is left over when remainders are equal. For example: larger-share-then-id"""
    carry_remainder: bool = False
    """Whether remainders are carried through the calendar year. For example: true"""


class Payment(Noun):
    """In arrears, or in advance on budget in the due months (S1)."""

    kind: Literal["arrears", "advance"] = "arrears"
    """Paid afterwards on cost, or in advance on budget. For example: advance"""
    due: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    """Months in which an advance is due. For example: 1"""
    surplus: Literal["carry", "refund"] | None = None
    """What becomes of money left at the year's end. For example: carry"""
    deficit: Literal["carry", "charge"] | None = None
    """What becomes of money lacking at the year's end. For example: carry"""


class Participant(Noun):
    """A member's part in the agreement or in one pool, with dates [from, to)."""

    member: Ref
    """The member that takes part. For example: are"""
    from_: Day | None = None
    """First local day. For example: 2016-03-15"""
    to: Day | None = None
    """First local day no more. For example: 2018-01-01"""


def _participant(value: Any) -> Any:
    return {"member": value} if isinstance(value, str) else value


AnyParticipant = Annotated[
    Participant,
    BeforeValidator(_participant),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "required": ["member"]}]}),
]


class MemberFilter(Noun):
    """Members by kind."""

    kind: Literal["municipality", "region", "federation"]
    """The kind of member. For example: municipality"""


class Part(Noun):
    """One part of a composite key: a member or a nested key, and its share."""

    share: Share
    """The part's share; all shares make exactly 1. For example: 1/2"""
    member: Ref | None = None
    """The member that gets the part. For example: region-jh"""
    key: Key | None = None
    """The key that splits the part."""


class Key(Noun):
    """An allocation key (K2); which fields it needs is said by its kind, and judged by the rule `key-shape`."""

    kind: Text
    """How it splits: fixed, even, population, usage, direct-cost or composite. For example: even"""
    percent: dict[Ref, Decimal] = {}
    """Member to its share; together exactly 100 [per cent]. For example: {are: 50.03, krokom: 49.97}"""
    weights: dict[Ref, Decimal] = {}
    """Member to its weight. For example: {are: 3, krokom: 1}"""
    table: Ref | None = None
    """The population table. For example: scb-2015-12-31"""
    members: MemberFilter | tuple[Ref, ...] | None = None
    """Which members it weighs; without it the pool's participants. For example: {kind: municipality}"""
    meter: Ref | None = None
    """The meter whose usage weighs. For example: energy-it"""
    capacity: Decimal | None = None
    """What there is in all; what nobody uses is idle [base unit of a gauge, there all the time; else priced unit a full month]. For example: 84"""
    idle: Text | None = None
    """Who pays for idle capacity: proportional, even, host or a key. For example: proportional"""
    fallback: Text | None = None
    """What holds when nobody has any weight: even, refuse or a key. For example: even"""
    pools: tuple[Ref, ...] = ()
    """The pools whose cost weighs. For example: administration"""
    parts: tuple[Part, ...] = ()
    """The parts of a composite key."""


class Over(Noun):
    """Pools that this pool is spread over (P6)."""

    pools: tuple[Ref, ...] = ()
    """The pools that it is spread over. For example: administration"""
    by: Literal["direct-cost", "even"] | None = None
    """By their cost, or evenly. For example: direct-cost"""
    percent: dict[Ref, Decimal] = {}
    """Pool to its part; together exactly 100 [per cent]. For example: {administration: 60, joint-hall: 40}"""


class Vat(Noun):
    """A dated VAT category."""

    from_: Day
    """First local day. For example: 2016-01-01"""
    category: Literal["S", "E", "O"]
    """UNTDID 5305: S taxed, E exempt, O outside. For example: S"""
    rate: Decimal = Fraction(0)
    """The rate [per cent]. For example: 25"""


class Pool(Noun):
    """A cost pool and how it is recovered (P3)."""

    service: Ref | None = None
    """The service whose cost it is. For example: hall"""
    key: Ref | None = None
    """The key that splits it. For example: directive"""
    prices: tuple[Ref, ...] = ()
    """Prices that recover it before the key does. For example: backup-gib"""
    rest: Text | None = None
    """What becomes of the rest after prices: settle. For example: settle"""
    over: Over | None = None
    """Other pools that it is spread over."""
    participants: tuple[AnyParticipant, ...] = ()
    """Who takes part, when not the agreement's participants. For example: berg"""
    minimum: KronorFrom0 | None = None
    """The least a participant pays for a full month [kr]. For example: 800.00"""
    cap: KronorFrom0 | None = None
    """The most a participant pays for a full month [kr]. For example: 5000.00"""
    fallback: Text | None = None
    """What holds when nobody has any weight. For example: even"""
    max_estimated: Share | None = None
    """The largest estimated part that does not block a close. For example: 5 %"""


class Agreement(Noun):
    """One version of an agreement; together the versions of an id cover every day with cost."""

    agreement: Version
    """The head: id, version, dates."""
    rounding: Rounding = Rounding()
    """How öre are rounded."""
    payment: Payment = Payment()
    """When and on what it is paid."""
    participants: Annotated[tuple[AnyParticipant, ...], Field(min_length=1)]
    """Who takes part, with dates where they differ. For example: are"""
    keys: dict[Id, Key]
    """Key's id to how it splits."""
    pools: dict[Id, Pool]
    """Pool's id to how it is recovered."""
    vat: tuple[Vat, ...] = ()
    """VAT of pools without a service."""
    minimum: KronorFrom0 | None = None
    """Default for the pools [kr]. For example: 800.00"""
    cap: KronorFrom0 | None = None
    """Default for the pools [kr]. For example: 5000.00"""
    fallback: Text | None = None
    """Default for pools and keys. For example: even"""
    max_estimated: Share = Fraction(5, 100)
    """Default for the pools. For example: 5 %"""

    @property
    def id(self) -> str:
        """The agreement's id; several versions share it."""
        return self.agreement.id


NOUN = NounSpec("agreements", "agreement", Agreement)
