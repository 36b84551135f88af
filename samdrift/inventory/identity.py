"""Identity: an id stands once in its noun, and some words are nobody's id (I1, I9, common.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from samdrift.inventory.placed import Entry
from samdrift.model.problem import Problem

RESERVED = frozenset({"all", "shared", "joint", "host", "even", "unassigned"})
_NAMED = frozenset({"members", "suppliers", "operators", "viewers", "services", "devices", "sites"})
DATED = frozenset({"agreements", "prices"})
"""Several versions share an id (costs.md 5b)."""


def judge(entries: Iterable[Entry]) -> Iterator[Problem]:
    """`duplicate-id` at the later of two, and `reserved-name` where a member, or anything with an owner, would be mistaken."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if not entry.name:
            continue
        if entry.name in RESERVED and entry.noun in _NAMED and (entry.noun, entry.name) != ("operators", "joint"):
            yield entry.problem(
                "reserved-name",
                f"{entry.name!r} is a word of the program and nobody's id",
                "id",
                help="choose another id",
            )
        other = first.setdefault((entry.noun, _identity(entry)), entry)
        if other is not entry and entry.noun != "prices":
            yield entry.problem(
                "duplicate-id",
                f"{entry.name} is there already in {entry.noun}",
                "id",
                help="give one of them another id",
                related=(other.place("id"),),
            )


def repeated(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The later ones of an id; rules leave them out, else one copy too many is told five times."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        key = (entry.noun, _identity(entry))
        if key in seen and entry.name and entry.noun != "prices":
            yield entry
        seen.add(key)


def _identity(entry: Entry) -> str:
    if (
        entry.noun == "agreements"
        and isinstance(entry.raw, dict)
        and isinstance(head := entry.raw.get("agreement"), dict)
    ):
        return f"{entry.name} {head.get('version')}"
    return entry.name
