"""A price is written in the priced unit of its meter (costs.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the price's unit; a row of meters.yml may say another priced unit than the shipped meter."""
    units = dict(loaded.known.units or {})
    units |= {placed.id: placed.thing.priced for placed in loaded.all("meters") if placed.thing.priced}
    for placed in loaded.all("prices"):
        price = placed.thing
        wanted = units.get(price.meter or "")
        if price.unit is not None and wanted is not None and price.unit != wanted:
            message = f"{price.meter} is priced by {wanted}, not by {price.unit}"
            yield placed.problem("unit-mismatch", message, "unit", help=f"unit: {wanted}")


RULE = Rule("price-units", ("unit-mismatch",), judge)
