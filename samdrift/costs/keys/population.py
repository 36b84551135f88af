"""population: by a dated table of persons per member."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyBlocks, KeyContext, Weights, by_days
from samdrift.model.nouns.agreement import Key


def weigh(key: Key, context: KeyContext) -> Weights:
    """Persons of those who take part (and whom `members` names), by days; a participant that the table lacks blocks."""
    table = context.populations.get(key.table or "")
    if table is None:
        raise KeyBlocks("unknown-table", f"there is no population table {key.table!r}")
    missing = next((member for member in sorted(context.taking_part) if member not in table.persons), None)
    if missing:
        raise KeyBlocks("population-missing", f"table {table.id} has no figure for {missing}", member=missing)
    return by_days({member: Fraction(table.persons[member]) for member in sorted(context.taking_part)}, context)


KEY = AllocationKey(
    "population", "By population", "costs.md K2; the pre-study: municipalities by population on 1 November 2015", weigh
)
