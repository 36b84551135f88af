"""A fixed key that a pool uses lists exactly the pool's participants (costs.md 5b)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the pool's key, with what the key lacks and what it has too much."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        agreement = placed.thing
        for name, pool in agreement.pools.items():
            key = agreement.keys.get(pool.key) if pool.key else None
            if key is None or key.kind != "fixed":
                continue
            listed = set(key.percent) | set(key.weights)
            taking_part = {entry.member for entry in pool.participants or agreement.participants}
            lacks, surplus = sorted(taking_part - listed), sorted(listed - taking_part)
            if lacks or surplus:
                told = [f"lacks {', '.join(lacks)}"] * bool(lacks) + [f"lists {', '.join(surplus)} besides"] * bool(
                    surplus
                )
                message = f"key {pool.key} {' and '.join(told)}: it must list exactly the participants of pool {name}"
                place = placed.place("keys", pool.key, key=True)
                yield placed.problem("key-members", message, "pools", name, "key", related=(place,))


RULE = Rule("key-members", ("key-members",), judge)
