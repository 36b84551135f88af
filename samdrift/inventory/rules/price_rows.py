"""Rows of one price follow on in time, and each has one way to a sum (costs.md P3, P4, 5b)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`duplicate-id` for rows that overlap, `out-of-range` for days between them or tiers that do not rise to no end.

    `missing-key` for a row without price, tiers or fee, `duplicate-key` for one with several, `unit-mismatch` for rows of one
    id that are not of one kind or meter.
    """
    rows: dict[str, list[Placed]] = {}
    for placed in loaded.all("prices"):
        rows.setdefault(placed.id, []).append(placed)
        yield from _ways(placed)
        yield from _tiers(placed)
    for name in sorted(rows):
        for earlier, later in pairwise(sorted(rows[name], key=lambda placed: placed.thing.from_)):
            yield from _follows(name, earlier, later)


def _ways(placed: Placed) -> Iterator[Problem]:
    price = placed.thing
    given = {"price": price.price is not None, "tiers": bool(price.tiers), "fee": price.fee is not None}
    ways = [way for way, there in given.items() if there]
    if not ways and placed.whole:
        yield placed.problem("missing-key", f"{placed.id}: price, tiers or fee is missing")
    elif ways != ["fee"] and price.meter is None and placed.whole:
        yield placed.problem("missing-key", f"{placed.id}: meter is missing")
    if len(ways) > 1:
        yield placed.problem("duplicate-key", f"{placed.id} has {' and '.join(ways)}; a row has one of them", ways[-1])
    if "fee" in ways and price.minimum is not None:
        yield placed.problem("duplicate-key", f"{placed.id} is a fee, which has no minimum", "minimum")


def _tiers(placed: Placed) -> Iterator[Problem]:
    tiers = placed.thing.tiers
    for index, (lower, upper) in enumerate(pairwise(tiers)):
        if lower.up_to is None or (upper.up_to is not None and upper.up_to <= lower.up_to):
            yield placed.problem(
                "out-of-range", "each tier reaches further than the one before; only the last has no end", "tiers", index + 1
            )
    if tiers and tiers[-1].up_to is not None:
        text = f"nothing is said of what lies above {tiers[-1].up_to}"
        yield placed.problem("out-of-range", text, "tiers", len(tiers) - 1, help="the last tier has a price and no up_to")


def _follows(name: str, earlier: Placed, later: Placed) -> Iterator[Problem]:
    before, after = earlier.thing, later.thing
    related = (earlier.place("from"),)
    if before.to is None or before.to > after.from_:
        message = f"{name} has two rows on {after.from_}"
        yield later.problem("duplicate-id", message, "from", help="end the earlier row with to:", related=related)
    elif before.to < after.from_:
        message = f"{name} has no row from {before.to} to {after.from_}"
        yield later.problem("out-of-range", message, "from", help="rows of one price follow on; a free time has price 0", related=related)
    if ((before.fee is None) != (after.fee is None)) or before.meter != after.meter:
        message = f"{name} is counted in another way from {after.from_}"
        yield later.problem("unit-mismatch", message, "id", help="one id is one fee, or one meter's price; give the other its own id", related=related)


RULE = Rule("price-rows", ("duplicate-id", "duplicate-key", "missing-key", "out-of-range", "unit-mismatch"), judge)
