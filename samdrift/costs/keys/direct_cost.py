"""direct-cost: by each member's unrounded öre in named pools."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyContext, Weights
from samdrift.model.nouns.agreement import Key


def weigh(key: Key, context: KeyContext) -> Weights:
    """The sum of exact öre over the pools, per member that takes part."""
    return {
        member: sum((context.direct.get(pool, {}).get(member, Fraction(0)) for pool in key.pools), Fraction(0))
        for member in context.taking_part
    }


KEY = AllocationKey("direct-cost", "By direct cost", "costs.md K2, P6", weigh)
