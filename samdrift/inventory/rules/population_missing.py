"""A population key's table has a figure for everybody whom the key weighs (costs.md K2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the key's table, or at the key when it names none."""
    for placed in loaded.all("populations"):
        if placed.thing.applies_from.day != 1:
            yield placed.problem("out-of-range", f"{placed.thing.applies_from} is not the first of a month", "applies_from")
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        everybody = {entry.member for entry in placed.thing.participants}
        for name, key in placed.thing.keys.items():
            yield from _judge(loaded, placed, key, ("keys", name), everybody)


def _judge(loaded: Loaded, placed: Placed, key: Any, here: Path, everybody: set[str]) -> Iterator[Problem]:
    if key.kind == "population":
        if key.table is None:
            yield placed.problem(
                "missing-key", "a population key: table is missing", *here, key=isinstance(here[-1], str)
            )
        elif (table := loaded.by_id("populations").get(key.table)) is not None:
            if table.thing.applies_from > placed.thing.agreement.from_:
                message = f"{key.table} applies from {table.thing.applies_from}, after the version begins"
                yield placed.problem("population-missing", message, *here, "table", related=(table.place("applies_from"),))
            lacking = sorted(_weighed(loaded, key, everybody) - set(table.thing.persons))
            if lacking:
                message = f"{key.table} has no figure for {', '.join(lacking)}"
                yield placed.problem("population-missing", message, *here, "table", related=(table.place("persons"),))
    for index, part in enumerate(key.parts):
        if part.key is not None:
            yield from _judge(loaded, placed, part.key, (*here, "parts", index, "key"), everybody)


def _weighed(loaded: Loaded, key: Any, everybody: set[str]) -> set[str]:
    if isinstance(key.members, tuple):
        return set(key.members)
    if key.members is None:
        return everybody
    members = loaded.by_id("members")
    return {name for name in everybody if name in members and members[name].thing.kind == key.members.kind}


RULE = Rule("population-missing", ("population-missing", "missing-key", "out-of-range"), judge)
