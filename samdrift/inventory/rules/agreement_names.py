"""Inside an agreement pools name keys and pools of the same version that are there (costs.md 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem

_FALLBACKS = frozenset({"even", "refuse"})
_IDLE = frozenset({"proportional", "even", "host"})


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`unknown-key`, `unknown-pool`, `unknown-member` and, for a kind of key, `unknown-value`."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        agreement = placed.thing
        keys, pools = set(agreement.keys), set(agreement.pools)
        yield from _named(placed, [(("fallback",), agreement.fallback)], keys | _FALLBACKS, "unknown-key", "key")
        for name, key in agreement.keys.items():
            yield from _key(loaded, placed, key, ("keys", name), keys, pools)
        for name, pool in agreement.pools.items():
            here = ("pools", name)
            yield from _named(placed, [((*here, "key"), pool.key)], keys, "unknown-key", "key")
            yield from _named(placed, [((*here, "rest"), pool.rest)], keys | {"settle"}, "unknown-key", "key")
            yield from _named(placed, [((*here, "fallback"), pool.fallback)], keys | _FALLBACKS, "unknown-key", "key")
            if pool.over is not None:
                over = [((*here, "over", "pools", index), other) for index, other in enumerate(pool.over.pools)]
                yield from _named(
                    placed,
                    [*over, *(((*here, "over", "percent", other), other) for other in pool.over.percent)],
                    pools,
                    "unknown-pool",
                    "pool",
                )
    for placed in loaded.all("budgets"):
        budget = placed.thing
        pools = {
            name
            for version in loaded.all("agreements")
            if version.id == budget.agreement
            for name in version.thing.pools
        }
        if pools:
            yield from _named(
                placed, [(("pools", name), name) for name in budget.pools], pools, "unknown-pool", "pool", at_key=True
            )


def _key(loaded: Loaded, placed: Placed, key: Any, here: Path, keys: set[str], pools: set[str]) -> Iterator[Problem]:
    if loaded.known.keys is not None and key.kind not in loaded.known.keys:
        near = nearest(key.kind, loaded.known.keys)
        help = f"did you mean {near!r}?" if near else f"one of: {', '.join(sorted(loaded.known.keys))}"
        yield placed.problem("unknown-value", f"{key.kind!r} is no kind of key", *here, "kind", help=help)
    yield from _named(placed, [((*here, "idle"), key.idle)], keys | _IDLE, "unknown-key", "key")
    yield from _named(placed, [((*here, "fallback"), key.fallback)], keys | _FALLBACKS, "unknown-key", "key")
    yield from _named(
        placed, [((*here, "pools", index), name) for index, name in enumerate(key.pools)], pools, "unknown-pool", "pool"
    )
    members = key.members if isinstance(key.members, tuple) else ()
    members_at = [((*here, "members", index), name) for index, name in enumerate(members)]
    parts_at = [((*here, "parts", index, "member"), part.member) for index, part in enumerate(key.parts)]
    for path, name in [*members_at, *parts_at]:
        if name is not None and not loaded.may_be_elsewhere(name):
            yield from _named(placed, [(path, name)], loaded.ids("members"), "unknown-member", "member")
    for index, part in enumerate(key.parts):
        if part.key is not None:
            inside = (*here, "parts", index, "key")
            yield from _nested(loaded, placed, part.key, inside)
            yield from _key(loaded, placed, part.key, inside, keys, pools)


def _nested(loaded: Loaded, placed: Placed, key: Any, here: Path) -> Iterator[Problem]:
    """Tables and meters of keys inside a composite one; those at the top are references like any other."""
    tables = loaded.ids("populations")
    if key.table is not None and not loaded.may_be_elsewhere(key.table):
        yield from _named(placed, [((*here, "table"), key.table)], tables, "unknown-table", "population table")
    if key.meter is not None and loaded.known.meters is not None and not loaded.may_be_elsewhere(key.meter):
        known = loaded.known.meters | loaded.ids("meters")
        yield from _named(placed, [((*here, "meter"), key.meter)], known, "unknown-meter", "meter")


def _named(
    placed: Placed,
    words: Iterable[tuple[Path, str | None]],
    known: Iterable[str],
    code: str,
    what: str,
    *,
    at_key: bool = False,
) -> Iterator[Problem]:
    for path, name in words:
        if name is not None and name not in known:
            near = nearest(name, known)
            help = f"did you mean {near!r}?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
            yield placed.problem(code, f"there is no {what} {name!r}", *path, key=at_key, help=help)


RULE = Rule(
    "agreement-names",
    ("unknown-key", "unknown-pool", "unknown-member", "unknown-value", "unknown-table", "unknown-meter"),
    judge,
)
