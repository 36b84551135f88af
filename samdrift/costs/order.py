"""Order of pools: overhead and direct-cost keys come after the pools that they read (costs.md P6)."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from samdrift.model.errors import Refused
from samdrift.model.nouns.agreement import Agreement, Key, Pool


def key_name(pool: Pool, agreement: Agreement) -> str | None:
    """The key that splits the pool, or what prices leave of it: `rest` when that names a key, else `key`."""
    return pool.rest if pool.rest in agreement.keys else pool.key


def keys_of(pool: Pool, agreement: Agreement) -> Iterator[Key]:
    """Every key that the pool's split may use: its own, their parts, fallbacks and ways to spread idle capacity, each once."""
    named = (key_name(pool, agreement), pool.fallback, agreement.fallback)
    waiting = [agreement.keys[name] for name in named if name in agreement.keys]
    seen: list[Key] = []
    while waiting:
        key = waiting.pop()
        if any(key is each for each in seen):
            continue
        seen.append(key)
        yield key
        waiting += [part.key for part in key.parts if part.key]
        waiting += [agreement.keys[name] for name in (key.fallback, key.idle) if name in agreement.keys]


def needed_pools(pool: Pool, agreement: Agreement) -> set[str]:
    """The pools whose split this pool's split is made of."""
    found = {*pool.over.pools, *pool.over.percent} if pool.over else set()
    for key in keys_of(pool, agreement):
        found |= set(key.pools)
    return found


def ordered_pools(agreements: tuple[Agreement, ...]) -> tuple[str, ...]:
    """All pools of the versions, each after what it needs, else by id; Refused names a cycle's path."""
    graph: dict[str, set[str]] = {}
    for agreement in agreements:
        for name, pool in agreement.pools.items():
            graph.setdefault(name, set()).update(needed_pools(pool, agreement))
    sorter = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
    try:
        order = tuple(sorter.static_order())
    except CycleError as error:
        raise Refused(f"pool-cycle: {' → '.join(error.args[1])}", help="break the cycle in the agreement") from None
    return tuple(name for name in order if name in graph)
