"""Pools that go over other pools do not lead back to themselves (costs.md P6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.nouns.agreement import Key
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the first pool's `over`, with the path; a key by direct cost of pools leads on like `over`."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        agreement = placed.thing
        edges: dict[str, list[str]] = {}
        for name, pool in agreement.pools.items():
            over = [*pool.over.pools, *pool.over.percent] if pool.over else []
            edges[name] = [*over, *_followed(pool.key, agreement.keys)]
        for circle in loops(edges):
            step = "over" if agreement.pools[circle[0]].over else "key"
            yield placed.problem("pool-cycle", f"{told(circle)} go over one another", "pools", circle[0], step)


def _followed(name: str | None, keys: Mapping[str, Key]) -> list[str]:
    """The pools whose cost a key weighs by, also inside its parts and by its fallback."""
    found: list[str] = []
    waiting = [keys[name]] if name and name in keys else []
    seen: list[Key] = []
    while waiting:
        key = waiting.pop()
        if any(key is each for each in seen):
            continue
        seen.append(key)
        found += key.pools
        waiting += [part.key for part in key.parts if part.key]
        waiting += [keys[each] for each in (key.fallback, key.idle) if each and each in keys]
    return found


RULE = Rule("pool-cycle", ("pool-cycle",), judge)
