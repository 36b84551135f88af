"""fixed: per cents that total 100, or weights, as the agreement writes them."""

from __future__ import annotations

from samdrift.costs.key import AllocationKey, KeyContext, Weights, by_days
from samdrift.model.nouns.agreement import Key


def weigh(key: Key, context: KeyContext) -> Weights:
    """The written per cents or weights, by days taking part."""
    return by_days(key.percent or key.weights, context)


KEY = AllocationKey("fixed", "Fixed shares", "costs.md K2; the pre-study's project directive", weigh)
