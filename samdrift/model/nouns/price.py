"""Price: what one priced unit of a meter costs, or a base fee, from a date; rows may share an id over time (costs.md P3, P4)."""

from __future__ import annotations

from samdrift.model.fields import Day, Decimal, Id, Kronor, KronorFrom0, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Tier(Noun):
    """A graduated tier; a threshold is in the lower tier."""

    up_to: Decimal | None = None
    """The quantity that the tier reaches; the last has none [priced unit]. For example: 5000"""
    price: Decimal
    """The price in it [kr per priced unit]. For example: 0.02"""


class Price(Noun):
    """Kronor per priced unit (`price` or `tiers`), or a monthly base `fee`."""

    id: Id
    """The price's id; its rows follow on in time. For example: backup-gib"""
    meter: Ref | None = None
    """The meter that is priced. For example: backup-volume"""
    unit: Text | None = None
    """The meter's priced unit. For example: GiB-day"""
    from_: Day
    """First local day. For example: 2016-01-01"""
    to: Day | None = None
    """First local day no more. For example: 2017-01-01"""
    price: Decimal | None = None
    """The price [kr per priced unit]. For example: 0.02"""
    tiers: tuple[Tier, ...] = ()
    """Graduated prices."""
    fee: Kronor | None = None
    """A base fee a month [kr]. For example: 950"""
    minimum: KronorFrom0 | None = None
    """The least a month costs [kr]. For example: 100"""


NOUN = NounSpec("prices", "price", Price)
