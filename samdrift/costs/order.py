"""Order of pools: overhead and direct-cost keys come after the pools that they read (costs.md P6)."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from samdrift.model.errors import Refused
from samdrift.model.nouns.agreement import Agreement, Key, Pool


def needed_pools(pool: Pool, keys: Mapping[str, Key]) -> set[str]:
    """The pools whose split this pool's split is made of."""
    found = {*pool.over.pools, *pool.over.percent} if pool.over else set()
    for name in (pool.key, pool.rest):
        if name and name in keys:
            found |= _of_key(keys[name], keys)
    return found


def _of_key(key: Key, keys: Mapping[str, Key]) -> set[str]:
    found = set(key.pools)
    for part in key.parts:
        if part.key:
            found |= _of_key(part.key, keys)
    for name in (key.fallback, key.idle):
        if name and name in keys and keys[name] is not key:
            found |= set(keys[name].pools)
    return found


def ordered_pools(agreements: tuple[Agreement, ...]) -> tuple[str, ...]:
    """All pools of the versions, each after what it needs, else by id; Refused names a cycle's path."""
    graph: dict[str, set[str]] = {}
    for agreement in agreements:
        for name, pool in agreement.pools.items():
            graph.setdefault(name, set()).update(needed_pools(pool, agreement.keys))
    sorter = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
    try:
        order = tuple(sorter.static_order())
    except CycleError as error:
        raise Refused(f"pool-cycle: {' → '.join(error.args[1])}", help="break the cycle in the agreement") from None
    return tuple(name for name in order if name in graph)
