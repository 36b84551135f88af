"""Agreement: one dated version of how the joint cost is split; one file a version (costs.md 5, 5b)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from samdrift.model.fields import Day, Decimal, Id, Kronor, Noun, Ref, Share, Text
from samdrift.model.money import Tie
from samdrift.model.nouns import NounSpec


class Version(Noun):
    """The head of a version: valid on local dates [from, to)."""

    id: Id
    version: Text
    from_: Day
    to: Day | None = None
    host: Ref
    decision: Text
    retroactive: bool = False


class Rounding(Noun):
    """One rounding per pool and period (R1-R4)."""

    tie: Tie = "larger-share-then-id"
    carry_remainder: bool = False


class Payment(Noun):
    """In arrears, or in advance on budget in the due months (S1)."""

    kind: Literal["arrears", "advance"] = "arrears"
    due: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    surplus: Literal["carry", "refund"] | None = None
    deficit: Literal["carry", "charge"] | None = None


class Participant(Noun):
    """A member's part in the agreement or in one pool, with dates [from, to)."""

    member: Ref
    from_: Day | None = None
    to: Day | None = None


def _participant(value: Any) -> Any:
    return {"member": value} if isinstance(value, str) else value


AnyParticipant = Annotated[
    Participant, BeforeValidator(_participant), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "required": ["member"]}]})
]


class MemberFilter(Noun):
    """Members by kind."""

    kind: Literal["municipality", "region", "federation"]


class Part(Noun):
    """One part of a composite key: a member or a nested key, and its share."""

    share: Share
    member: Ref | None = None
    key: Key | None = None


class Key(Noun):
    """An allocation key (K2); which fields it needs is said by its kind, and judged by the rule `key-shape`."""

    kind: Text
    percent: dict[Ref, Decimal] = {}
    weights: dict[Ref, Decimal] = {}
    table: Ref | None = None
    members: MemberFilter | tuple[Ref, ...] | None = None
    meter: Ref | None = None
    capacity: Decimal | None = None
    idle: Text | None = None
    fallback: Text | None = None
    pools: tuple[Ref, ...] = ()
    parts: tuple[Part, ...] = ()


class Over(Noun):
    """Pools that this pool is spread over (P6)."""

    pools: tuple[Ref, ...] = ()
    by: Literal["direct-cost", "even"] | None = None
    percent: dict[Ref, Decimal] = {}


class Vat(Noun):
    """A dated VAT category."""

    from_: Day
    category: Literal["S", "E", "O"]
    rate: Decimal = Fraction(0)


class Pool(Noun):
    """A cost pool and how it is recovered (P3)."""

    service: Ref | None = None
    key: Ref | None = None
    prices: tuple[Ref, ...] = ()
    rest: Text | None = None
    over: Over | None = None
    participants: tuple[AnyParticipant, ...] = ()
    minimum: Kronor | None = None
    cap: Kronor | None = None
    fallback: Text | None = None
    max_estimated: Share | None = None


class Agreement(Noun):
    """One version of an agreement; together the versions of an id cover every day with cost."""

    agreement: Version
    rounding: Rounding = Rounding()
    payment: Payment = Payment()
    participants: Annotated[tuple[AnyParticipant, ...], Field(min_length=1)]
    keys: dict[Id, Key]
    pools: dict[Id, Pool]
    vat: tuple[Vat, ...] = ()
    minimum: Kronor | None = None
    cap: Kronor | None = None
    fallback: Text | None = None
    max_estimated: Share = Fraction(5, 100)

    @property
    def id(self) -> str:
        """The agreement's id; several versions share it."""
        return self.agreement.id


NOUN = NounSpec("agreements", "agreement", Agreement)
