"""What a closed month rests on, read back: the inventory as it was frozen, and the months around it (costs.md C1, E2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from samdrift.costs.allocation import member_totals
from samdrift.costs.invoices import CARRY
from samdrift.model.cost import Booking, MonthCost, PoolTotal
from samdrift.model.errors import CouldNotObserve
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.reading import Usage
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.cost_sources import frozen_sources
from samdrift.operations.stored_usage import usage_of_parts
from samdrift.store import Store, raw
from samdrift.store.bookings import bookings
from samdrift.store.closes import Close, closed_month


def frozen_inventory(store: Store, close: Close) -> Inventory:
    """The inventory that the month was closed with: names, keys and accounts as valid then, whatever has changed since."""
    return frozen_sources(store, close).inventory


def frozen_usage(store: Store, close: Close) -> tuple[Usage, ...]:
    """The month's usage of just the raw parts and owners that the close froze: a sample that came later belongs to a correction (C3, C4).

    CouldNotObserve when one of those parts is not what was stored.
    """
    sources = frozen_sources(store, close)
    with store.read() as connection:
        changed = raw.changed_among(connection, {path: sha256 for path, (_, sha256) in sources.parts.items()})
    if changed:
        raise CouldNotObserve(
            f"raw-changed: {changed[0]} is not what was stored",
            help="restore it from a backup of the store: samdrift backup restore samdrift-store",
        )
    return usage_of_parts(sources.inventory, store, close.month, sources.parts, sources.owners, until=close.closed_at).usage


def booked_beside(store: Store, agreement: str) -> tuple[Booking, ...]:
    """The agreement's advances and settlements, whole, in the order in which they were booked."""
    with store.read() as connection:
        return tuple(each for each in bookings(connection, agreement, viewer=OPERATIONS) if each.kind in {"advance", "settlement"})


def ledger_of_booking(booked: Booking) -> MonthCost:
    """The lines of an advance or a settlement that are paid, as a ledger of the month in which they show."""
    lines = tuple(sorted((line for line in booked.lines if not line.line.endswith(CARRY)), key=lambda line: line.line))
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.pool] = sums.get(line.pool, 0) + line.amount_ore
    pools = tuple(PoolTotal(pool, ore, ore, 0, 0) for pool, ore in sorted(sums.items()))
    return MonthCost(Month.parse(booked.period), booked.agreement, lines, pools, tuple(member_totals(list(lines))), ())


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


def own_bookings(booked: Iterable[Booking], member: str) -> tuple[Booking, ...]:
    """The bookings with the member's lines alone."""
    return tuple(replace(each, lines=tuple(line for line in each.lines if line.member == member)) for each in booked)
