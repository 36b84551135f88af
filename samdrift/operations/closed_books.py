"""What a closed month rests on, read back: the inventory as it was frozen, and the months around it (costs.md C1, E2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from samdrift.inventory import load
from samdrift.model.cost import MonthCost
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.known_ids import known_ids
from samdrift.store import Store
from samdrift.store.closes import closed_month, documents_of


def frozen_inventory(store: Store, agreement: str, month: Month, *, at: datetime) -> Inventory:
    """The inventory that the month was closed with: names, keys and accounts as valid then, whatever has changed since."""
    with store.read() as connection:
        documents = documents_of(connection, agreement, month, viewer=OPERATIONS)
    return load(documents, root="frozen", known=known_ids(), at=at)


def closed_months(store: Store, agreement: str, months: Iterable[Month]) -> dict[Month, MonthCost]:
    """Those of the months that are closed, whole; `narrowed` before anything of them is shown."""
    with store.read() as connection:
        found = {month: closed_month(connection, agreement, month, viewer=OPERATIONS) for month in months}
    return {month: cost for month, cost in found.items() if cost is not None}


def narrowed(cost: MonthCost, viewer: Viewer) -> MonthCost:
    """The month as the viewer may read it: own lines; pool totals and the members' sums are open to all (E3)."""
    if viewer.role != "member":
        return cost
    lines = tuple(line for line in cost.lines if viewer.sees(line.member))
    blocking = tuple(block for block in cost.blocking if block.member is None or viewer.sees(block.member))
    return replace(cost, lines=lines, blocking=blocking)
