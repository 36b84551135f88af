"""even: equal parts for all that take part."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyContext, Weights, by_days
from samdrift.model.nouns.agreement import Key


def weigh(_key: Key, context: KeyContext) -> Weights:
    """One each, by days taking part."""
    return by_days(dict.fromkeys(context.taking_part, Fraction(1)), context)


KEY = AllocationKey("even", "Equal parts", "costs.md K2; the joint board's agreement from 2018-07-01", weigh)
