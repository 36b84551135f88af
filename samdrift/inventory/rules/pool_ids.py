"""A pool belongs to one agreement: a document names the pool alone, and would otherwise be paid twice (costs.md P1)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the pool of the agreement that comes second."""
    first: dict[str, Placed] = {}
    for placed in loaded.all("agreements"):
        for name in placed.thing.pools:
            other = first.setdefault(name, placed)
            if other.id != placed.id:
                place = other.place("pools", name, key=True)
                message = f"pool {name} stands in {other.id} too ({place})"
                yield placed.problem("duplicate-id", message, "pools", name, key=True, help="give it another id", related=(place,))


RULE = Rule("pool-ids", ("duplicate-id",), judge)
