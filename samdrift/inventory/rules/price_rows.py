"""Rows of one price follow on in time, and each has one way to a sum (costs.md P3, P4, 5b)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`duplicate-id` for rows that overlap, `missing-key` for one without price, tiers or fee, `out-of-range` for tiers that do not rise."""
    rows: dict[str, list[Placed]] = {}
    for placed in loaded.all("prices"):
        rows.setdefault(placed.id, []).append(placed)
        price = placed.thing
        if price.price is None and not price.tiers and price.fee is None and placed.whole:
            yield placed.problem("missing-key", f"{placed.id}: price, tiers or fee is missing")
        elif (price.price is not None or price.tiers) and price.meter is None and placed.whole:
            yield placed.problem("missing-key", f"{placed.id}: meter is missing")
        for index, (lower, upper) in enumerate(pairwise(price.tiers)):
            if lower.up_to is None or (upper.up_to is not None and upper.up_to <= lower.up_to):
                yield placed.problem(
                    "out-of-range",
                    "each tier reaches further than the one before; only the last has no end",
                    "tiers",
                    index + 1,
                )
    for name in sorted(rows):
        for earlier, later in pairwise(sorted(rows[name], key=lambda placed: placed.thing.from_)):
            if earlier.thing.to is None or earlier.thing.to > later.thing.from_:
                message = f"{name} has two rows on {later.thing.from_}"
                yield later.problem(
                    "duplicate-id",
                    message,
                    "from",
                    help="end the earlier row with to:",
                    related=(earlier.place("from"),),
                )


RULE = Rule("price-rows", ("duplicate-id", "missing-key", "out-of-range"), judge)
