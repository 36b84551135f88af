"""usage: by what each member used of a meter; use of nobody (`shared`) is idle capacity."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyContext, Weights
from samdrift.model.nouns.agreement import Key


def weigh(key: Key, context: KeyContext) -> Weights:
    """Quantity of the meter per member that takes part; days are not multiplied in, for use has its own days."""
    used = context.usage.get(key.meter or "", {})
    return {member: used.get(member, Fraction(0)) for member in context.taking_part}


KEY = AllocationKey("usage", "By usage", "costs.md K2, P5", weigh)
