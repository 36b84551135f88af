"""Close a month's costs, and verify that a closed one is what was closed (costs.md C1-C3, R4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from samdrift.adapters.clock import now
from samdrift.adapters.files import read_tree
from samdrift.inventory import load
from samdrift.model.cost import MonthCost
from samdrift.model.errors import CouldNotObserve, Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.known_ids import known_ids
from samdrift.operations.measure_usage import MonthUsage
from samdrift.operations.preview_costs import choose_agreement, preview_costs
from samdrift.operations.record_play import who
from samdrift.operations.stored_usage import raw_digests, stored_usage
from samdrift.store import Store, audit
from samdrift.store.closes import Close, changed_closes, close_month, closed_month, closes, documents_of, ledger_digest
from samdrift.store.usage import replace_days

ACCEPTABLE = {"estimated-above-limit": "estimated", "simulated": "simulated"}
"""Blocking codes that a stated reason lifts, and the name under which the reason is kept (M8)."""
REST = frozenset({"key", "used", "idle", "overhead"})
"""Components whose rounding is carried over the year (R4)."""


@dataclass(frozen=True)
class ClosedMonth:
    """A close and the ledger that it froze."""

    close: Close
    cost: MonthCost


def close_costs(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    accepted: Mapping[str, str] | None = None,
) -> ClosedMonth:
    """Freeze an ended month of an agreement. Refused when it has not ended, is closed, is blocked, or the month before is open.

    `accepted` maps `estimated` or `simulated` to the reason why such readings may count; it is kept in the close and the audit chain.
    """
    chosen = choose_agreement(inventory, agreement)
    if at < month.end:
        raise Refused(f"{month} has not ended", help=f"samdrift cost preview --month {month} shows it so far")
    reasons = {name: reason for name, reason in (accepted or {}).items() if reason}
    cost, usage = _compute(inventory, store, month, chosen, at)
    cost = _lifted(cost, reasons)
    files = dict(read_tree(Path(inventory.root)).files)
    documents = {path: content for path, content in files.items() if not path.startswith("secrets/")}
    with store.write() as connection:
        _require_order(closes(connection, chosen), month, chosen)
        for meter in sorted({row.meter for row in usage.daily}):
            rows = [row for row in usage.daily if row.meter == meter]
            replace_days(connection, meter, first=month.first_day, last=month.days()[-1], rows=rows, owners={})
        close = close_month(
            connection, cost, at=at, by=who(), digests={f"raw:{path}": value for path, value in raw_digests(store, month).items()},
            documents=documents, accepted=reasons,
        )  # fmt: skip
        after = {"digest": close.digest, "ledger": close.digests["ledger"], "accepted": reasons}
        audit.append(
            connection,
            at=now(),  # never --at: an entry cannot be dated back
            actor=who(),
            verb="cost-close",
            object=f"month:{chosen}/{month}",
            members=sorted(total.member for total in cost.members),
            after=after,
        )
    return ClosedMonth(close, cost)


def preview_close(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    accepted: Mapping[str, str] | None = None,
) -> MonthCost:
    """What `close_costs` would freeze, from the stored readings; nothing is written."""
    cost, _ = _compute(inventory, store, month, choose_agreement(inventory, agreement), at)
    return _lifted(cost, {name: reason for name, reason in (accepted or {}).items() if reason})


def preview_open(
    inventory: Inventory,
    store: Store | None,
    month: Month,
    *,
    at: datetime,
    agreement: str | None,
    readings: Mapping[str, bytes],
    pools: Mapping[str, bytes],
) -> MonthCost:
    """A month from the files given, or else from the stored readings; without a store, from the inventory alone."""
    chosen = choose_agreement(inventory, agreement)
    if store is None or readings:
        return preview_costs(inventory, month, at=at, agreement=chosen, readings=readings, pools=pools).cost
    usage, earlier = stored_usage(inventory, store, month), _earlier(store, chosen, month)
    return preview_costs(inventory, month, at=at, agreement=chosen, pools=pools, stored=usage, earlier=earlier).cost


def _lifted(cost: MonthCost, reasons: Mapping[str, str]) -> MonthCost:
    return replace(cost, blocking=tuple(block for block in cost.blocking if ACCEPTABLE.get(block.code) not in reasons))


def _require_order(before: list[Close], month: Month, agreement: str) -> None:
    if before and before[-1].month < month and before[-1].month.next != month:
        raise Refused(
            f"previous-month-open: {before[-1].month.next} of {agreement} is not closed",
            help=f"samdrift cost close --month {before[-1].month.next}",
        )


def _compute(
    inventory: Inventory, store: Store, month: Month, agreement: str, at: datetime
) -> tuple[MonthCost, MonthUsage]:
    usage = stored_usage(inventory, store, month)
    earlier = _earlier(store, agreement, month)
    return preview_costs(inventory, month, at=at, agreement=agreement, stored=usage, earlier=earlier).cost, usage


def _earlier(store: Store, agreement: str, month: Month) -> dict[str, dict[str, tuple[Fraction, int]]]:
    """pool → member → (exact, booked) of the calendar year's closed months before this one (R4)."""
    found: dict[str, dict[str, tuple[Fraction, int]]] = {}
    with store.read() as connection:
        for close in closes(connection, agreement):
            if close.month.year != month.year or close.month >= month:
                continue
            cost = closed_month(connection, agreement, close.month, viewer=OPERATIONS)
            if cost is not None:
                _add(found, cost)
    return found


def _add(found: dict[str, dict[str, tuple[Fraction, int]]], cost: MonthCost) -> None:
    for pool, shares in cost.accumulated.items():
        for member, share in shares.items():
            booked = sum(
                line.amount_ore
                for line in cost.lines
                if (line.pool, line.member) == (pool, member) and line.component in REST
            )
            exact, ore = found.setdefault(pool, {}).get(member, (Fraction(0), 0))
            found[pool][member] = (exact + share, ore + booked)


def show_closed(store: Store, agreement: str, month: Month, *, viewer: Viewer) -> ClosedMonth | None:
    """The closed ledger as the viewer may read it, or None when the month is open.

    Asked by operations (a report asks so first), the close is proven too: CouldNotObserve when it is not what was frozen.
    """
    with store.read() as connection:
        if viewer.role == "operations" and f"{agreement}/{month}" in changed_closes(connection):
            raise CouldNotObserve(f"{month} of {agreement} is not what was frozen", help=f"samdrift cost verify --month {month}")
        cost = closed_month(connection, agreement, month, viewer=viewer)
        close = next((each for each in closes(connection, agreement) if each.month == month), None)
    return ClosedMonth(close, cost) if cost is not None and close is not None else None


def verify_costs(store: Store, inventory: Inventory, month: Month, *, agreement: str | None = None) -> tuple[str, ...]:
    """What differs when the closed month is computed anew from raw readings and its frozen inventory; empty when nothing does (C2).

    Raises Refused when the month is not closed.
    """
    chosen = choose_agreement(inventory, agreement)
    with store.read() as connection:
        close = next((each for each in closes(connection, chosen) if each.month == month), None)
        if close is None:
            raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}")
        faults = [f"{name} is not what was frozen" for name in changed_closes(connection)]
        documents = documents_of(connection, chosen, month, viewer=OPERATIONS)
    now = raw_digests(store, month)
    frozen = {name.removeprefix("raw:"): value for name, value in close.digests.items() if name.startswith("raw:")}
    faults += [f"raw-changed: {path}" for path in sorted(frozen) if now.get(path) != frozen[path]]
    then = load(documents, root="frozen", known=known_ids(), at=close.closed_at)
    cost, _ = _compute(then, store, month, chosen, close.closed_at)
    if ledger_digest(cost) != close.digests["ledger"]:
        faults.append(f"the ledger of {month} computed anew differs from the closed one")
    return tuple(faults)
