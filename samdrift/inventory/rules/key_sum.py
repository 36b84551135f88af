"""A fixed key's per cents make exactly 100, and a composite key's shares exactly 1 (costs.md K2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem
from samdrift.model.quantity import exact


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the per cents or parts, with the sum found."""
    for placed in loaded.all("agreements"):
        if not placed.whole:
            continue
        for name, key in placed.thing.keys.items():
            yield from _judge(placed, name, key, ("keys", name))
        for name, pool in placed.thing.pools.items():
            if pool.over is not None and pool.over.percent:
                yield from _percent(placed, f"pool {name}", pool.over.percent, ("pools", name, "over", "percent"))


def _judge(placed: Placed, name: str, key: Any, here: Path) -> Iterator[Problem]:
    if key.percent:
        yield from _percent(placed, f"key {name}", key.percent, (*here, "percent"))
    if key.kind == "fixed" and not key.percent and not key.weights:
        yield placed.problem("missing-key", f"key {name}: percent or weights is missing", *here, key=True)
    if key.kind == "composite" or key.parts:
        total = sum((part.share for part in key.parts), Fraction(0))
        if total != 1:
            yield placed.problem(
                "key-sum",
                f"shares of key {name} sum to {exact(total)}, not 1",
                *here,
                *(("parts",) if key.parts else ()),
            )
    for index, part in enumerate(key.parts):
        if part.key is not None:
            yield from _judge(placed, name, part.key, (*here, "parts", index, "key"))


def _percent(placed: Placed, what: str, percent: dict[str, Fraction], here: Path) -> Iterator[Problem]:
    total = sum(percent.values(), Fraction(0))
    if total != 100:
        yield placed.problem("key-sum", f"per cents of {what} sum to {_decimal(total)}, not 100", *here)


def _decimal(value: Fraction) -> str:
    """A finite decimal as it is written; per cents are read from at most ten decimals.

    >>> _decimal(Fraction(9997, 100))
    '99.97'
    """
    whole, rest = divmod(value.numerator * 10**10 // value.denominator, 10**10)
    return f"{whole}.{rest:010d}".rstrip("0").rstrip(".")


RULE = Rule("key-sum", ("key-sum", "missing-key"), judge)
