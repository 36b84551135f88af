"""A pool that goes over other pools has their weights, and nothing beside that would be passed over in silence (costs.md P6)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the field that does not belong."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        for name, pool in placed.thing.pools.items():
            if pool.over is None:
                continue
            here = ("pools", name)
            for field in ("key", "rest"):
                if getattr(pool, field) is not None:
                    text = f"pool {name}: {field} or over, not both"
                    yield placed.problem("pool-fields", text, *here, field, key=True, help="over splits it as the other pools are split")
            if bool(pool.over.pools) == bool(pool.over.percent):
                yield placed.problem("pool-fields", f"pool {name}: over names pools or percent, one of them", *here, "over", key=True)
            elif pool.over.percent and pool.over.by is not None:
                yield placed.problem("pool-fields", f"pool {name}: over percent takes no by", *here, "over", "by", key=True)


RULE = Rule("pool-shape", ("pool-fields",), judge)
