"""population: by a dated table of persons per member."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyBlocks, KeyContext, Weights, by_days
from samdrift.model.nouns.agreement import Key, MemberFilter


def weigh(key: Key, context: KeyContext) -> Weights:
    """Persons of the named members, by days taking part; a participant that the table lacks blocks."""
    table = context.populations.get(key.table or "")
    if table is None:
        raise KeyBlocks("unknown-table", f"there is no population table {key.table!r}")
    chosen = sorted(_chosen(key, context))
    missing = next((member for member in chosen if member not in table.persons), None)
    if missing:
        raise KeyBlocks("population-missing", f"table {table.id} has no figure for {missing}", member=missing)
    return by_days({member: Fraction(table.persons[member]) for member in chosen}, context)


def _chosen(key: Key, context: KeyContext) -> set[str]:
    if isinstance(key.members, MemberFilter):
        return {member for member in context.taking_part if context.kinds.get(member) == key.members.kind}
    return set(context.taking_part) & set(key.members) if key.members is not None else set(context.taking_part)


KEY = AllocationKey(
    "population", "By population", "costs.md K2; the pre-study: municipalities by population on 1 November 2015", weigh
)
