"""Savings of a closed month or of a year's closed months, as the viewer may see them (costs.md W1, E3)."""

from __future__ import annotations

from samdrift.costs.savings import Saving, savings
from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store
from samdrift.store.closes import closed_month, closes


def show_savings(
    inventory: Inventory, store: Store, *, viewer: Viewer, agreement: str | None = None, year: int | None = None, month: Month | None = None
) -> tuple[tuple[Saving, ...], tuple[Month, ...]]:
    """(savings per service and member, the closed months they are over). Refused when none is closed."""
    chosen = choose_agreement(inventory, agreement)
    with store.read() as connection:
        wanted = [close.month for close in closes(connection, chosen) if close.month == month or (month is None and close.month.year == year)]
        found = [closed_month(connection, chosen, each, viewer=OPERATIONS) for each in wanted]
    if not wanted:
        raise Refused(f"no month of {chosen} is closed in {month or year}", help=f"samdrift cost close --month {month or f'{year}-01'}")
    every = savings([cost for cost in found if cost is not None], inventory.all("stand-alone"))
    return tuple(each for each in every if viewer.sees(each.member)), tuple(wanted)
