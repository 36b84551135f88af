"""Price: what one priced unit of a meter costs, or a base fee, from a date; rows may share an id over time (costs.md P3, P4)."""

from __future__ import annotations

from samdrift.model.fields import Day, Decimal, Id, Kronor, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Tier(Noun):
    """A graduated tier; a threshold is in the lower tier."""

    up_to: Decimal | None = None
    price: Decimal


class Price(Noun):
    """Kronor per priced unit (`price` or `tiers`), or a monthly base `fee`."""

    id: Id
    meter: Ref | None = None
    unit: Text | None = None
    from_: Day
    to: Day | None = None
    price: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    fee: Kronor | None = None
    minimum: Kronor | None = None


NOUN = NounSpec("prices", "price", Price)
