"""A DNS name stands on one living device; case makes no difference."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the later of two names."""
    first: dict[str, Placed] = {}
    for placed in loaded.living:
        other = first.setdefault(placed.thing.name.casefold(), placed)
        if other is not placed:
            message = f"{placed.thing.name} is the name of {other.id} too"
            yield placed.problem(
                "duplicate-name", message, "name", help="give one of them another name", related=(other.place("name"),)
            )


RULE = Rule("duplicate-name", ("duplicate-name",), judge)
