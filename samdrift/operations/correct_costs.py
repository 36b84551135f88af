"""Correct a closed month: split it anew with today's readings and documents, and book what differs in the open month (costs.md C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from samdrift.adapters.clock import now
from samdrift.costs.corrections import Correction, correction
from samdrift.costs.participation import versions_in
from samdrift.model.cost import Booking, MonthCost
from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.close_costs import cost_lock, lifted, require_whole
from samdrift.operations.cost_sources import Sources, compute, frozen_sources, todays_sources
from samdrift.operations.preview_costs import choose_agreement
from samdrift.operations.record_play import who
from samdrift.operations.unchanged_versions import require_unchanged
from samdrift.store import Store, audit
from samdrift.store.bookings import add_booking, bookings
from samdrift.store.closes import Close, closed_month, closes
from samdrift.store.lock import job_lock_of


@dataclass(frozen=True)
class Corrected:
    """What was or would be booked: the open month in which it shows, its lines and the pools' changes, and what blocks it."""

    month: Month
    shown_in: Month
    agreement: str
    found: Correction
    today: MonthCost

    @property
    def differs(self) -> bool:
        return bool(self.found.lines or self.found.pools)


def correct_costs(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    reason: str,
    at: datetime,
    agreement: str | None = None,
    accepted: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Corrected:
    """Book what a closed month would be today less all booked for it; a second run books nothing. Refused when it is open or blocked."""
    chosen = choose_agreement(inventory, agreement)
    reasons = {name: text for name, text in (accepted or {}).items() if text}
    if dry_run:
        return lifted_correction(_found(inventory, store, month, chosen, at), reasons)
    with job_lock_of(store, cost_lock(chosen), at=now()):
        made = lifted_correction(_found(inventory, store, month, chosen, at), reasons)
        if made.today.blocking:
            first = made.today.blocking[0]
            raise Refused(f"{first.code}: {first.text}", help=f"samdrift cost correct --month {month} --dry-run shows all that blocks")
        if made.differs:
            _book(store, made, reason=reason, at=at, reasons=reasons)
    return made


def lifted_correction(made: Corrected, reasons: Mapping[str, str]) -> Corrected:
    """Without the blocking that a stated reason lifts (M8)."""
    return replace(made, today=lifted(made.today, reasons))


def _found(inventory: Inventory, store: Store, month: Month, agreement: str, at: datetime) -> Corrected:
    require_whole(store, [f"{agreement}/{month}"])
    with store.read() as connection:
        all_closes = closes(connection, agreement)
        closed = closed_month(connection, agreement, month, viewer=OPERATIONS)
        booked = bookings(connection, agreement, viewer=OPERATIONS)
    close = next((each for each in all_closes if each.month == month), None)
    if close is None or closed is None:
        raise Refused(f"{month} of {agreement} is not closed", help="an open month needs no correction: its documents and readings count as they are")
    shown_in = all_closes[-1].month.next
    require_unchanged(inventory, store, agreement)
    basis, today = _basis(inventory, store, close)
    cost = compute(store, basis, agreement, month, at=max(at, month.end), usage_by=today, corrected=False).cost
    return Corrected(month, shown_in, agreement, correction(closed, booked, cost, shown_in=shown_in), cost)


def _basis(inventory: Inventory, store: Store, close: Close) -> tuple[Sources, Sources]:
    """(what the split goes by, what the usage goes by): the frozen agreements and prices with today's documents, today's readings and owners.

    Where a retroactive version took the month over, today's inventory is the basis (C4).
    """
    today = todays_sources(inventory, store, close.agreement, close.month, texts=False)
    frozen = frozen_sources(store, close)
    now_valid = versions_in(inventory.agreements, close.agreement, close.month)
    then_valid = versions_in(frozen.inventory.agreements, close.agreement, close.month)
    names = [[(each.agreement.agreement.version, each.days) for each in valid] for valid in (now_valid, then_valid)]
    if names[0] != names[1]:
        return today, today
    pools = {path: content for path, content in inventory.files.items() if path.startswith("cost-pools/")}
    others = {path: content for path, content in frozen.inventory.files.items() if not path.startswith("cost-pools/")}
    mixed = replace(frozen.inventory, files={**others, **pools})
    return replace(frozen, inventory=mixed, documents=today.documents), today


def _book(store: Store, made: Corrected, *, reason: str, at: datetime, reasons: Mapping[str, str]) -> None:
    with store.write() as connection:
        number = sum(each.kind == "correction" and each.about == str(made.month) for each in bookings(connection, made.agreement, viewer=OPERATIONS)) + 1
        name = f"correction/{made.month}/{number}"
        booking = Booking(
            made.agreement, name, "correction", str(made.shown_in), str(made.month), at, who(), reason, made.found.lines, made.found.pools
        )  # fmt: skip
        add_booking(connection, booking)
        audit.append(
            connection, at=now(), actor=who(), verb="cost-correct", object=f"month:{made.agreement}/{made.month}",
            members=sorted({line.member for line in made.found.lines}),
            after={"booking": name, "reason": reason, "shown_in": str(made.shown_in), "lines": len(made.found.lines), "accepted": dict(reasons)},
        )  # fmt: skip
