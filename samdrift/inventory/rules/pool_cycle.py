"""Pools that go over other pools do not lead back to themselves (costs.md P6)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the first pool's `over`, with the path; a key by direct cost of pools leads on like `over`."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        agreement = placed.thing
        edges: dict[str, list[str]] = {}
        for name, pool in agreement.pools.items():
            key = agreement.keys.get(pool.key) if pool.key else None
            over = [*pool.over.pools, *pool.over.percent] if pool.over else []
            edges[name] = [*over, *(key.pools if key else ())]
        for circle in loops(edges):
            step = "over" if agreement.pools[circle[0]].over else "key"
            yield placed.problem("pool-cycle", f"{told(circle)} go over one another", "pools", circle[0], step)


RULE = Rule("pool-cycle", ("pool-cycle",), judge)
