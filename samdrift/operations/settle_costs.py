"""Advance and settlement of an agreement's year: worked out, shown, booked once (costs.md S1-S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from samdrift.adapters.clock import now
from samdrift.costs.advances import AdvanceInput, advance, due_months
from samdrift.costs.participation import Participation, versions_in, versions_on
from samdrift.costs.settlement import MemberYear, SettlementInput, carried_out, outstanding, settle
from samdrift.model.cost import Blocking, Booking, CostLine, MonthCost
from samdrift.model.errors import Refused, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.budget import Budget
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.close_costs import cost_lock, require_whole
from samdrift.operations.preview_costs import choose_agreement
from samdrift.operations.record_play import who
from samdrift.operations.unchanged_versions import require_unchanged
from samdrift.store import Store, audit
from samdrift.store.bookings import add_booking, bookings
from samdrift.store.closes import closed_month, closes
from samdrift.store.lock import job_lock_of


@dataclass(frozen=True)
class YearLines:
    """The lines of a year's advance or settlement; `booked` is when they were booked, or None; `members` are settlement's alone."""

    agreement: str
    year: int
    kind: Literal["advance", "settlement"]
    lines: tuple[CostLine, ...]
    blocking: tuple[Blocking, ...] = ()
    members: tuple[MemberYear, ...] = ()
    booked: datetime | None = None


def advance_costs(inventory: Inventory, store: Store, year: int, *, at: datetime, agreement: str | None = None, dry_run: bool = False) -> YearLines:
    """Book the year's advance on its budget, once; a second run gives what was booked. WrongUse without budget or due month."""
    chosen = choose_agreement(inventory, agreement)
    require_unchanged(inventory, store, chosen)
    if not due_months(inventory.agreements, chosen, year):
        raise WrongUse(f"{chosen} has no advance due in {year}", help="payment: {kind: advance, due: [1]} in the version that is in force")
    budget = _budget(inventory, chosen, year)
    if dry_run:
        return _advance(inventory, store, chosen, year, budget)
    with job_lock_of(store, cost_lock(chosen), at=now()):
        made = _advance(inventory, store, chosen, year, budget)
        if made.booked is None:
            _book(store, made, f"{year}-{due_months(inventory.agreements, chosen, year)[0].month:02}", at)
    return made


def _advance(inventory: Inventory, store: Store, agreement: str, year: int, budget: Budget) -> YearLines:
    booked = _booked(store, agreement)
    done = next((each for each in booked if (each.kind, each.about) == ("advance", str(year))), None)
    if done is not None:
        return YearLines(agreement, year, "advance", done.lines, booked=done.at)
    carried = outstanding(_by_year(booked, "settlement"), _by_year(booked, "advance"), year)
    given = AdvanceInput(
        year, agreement, inventory.agreements, budget, inventory.members, inventory.by_id("populations"), inventory.services, carried
    )  # fmt: skip
    made = advance(given)
    return YearLines(agreement, year, "advance", made.lines, made.blocking)


def _budget(inventory: Inventory, agreement: str, year: int) -> Budget:
    found: list[Budget] = [each for each in inventory.all("budgets") if (each.agreement, each.year) == (agreement, year)]
    if len(found) != 1:
        raise WrongUse(f"{agreement} has {len(found) or 'no'} budget{'s' if len(found) > 1 else ''} for {year}", help="one in inventory/budgets/")
    return found[0]


def settle_costs(
    inventory: Inventory, store: Store, year: int, *, at: datetime, agreement: str | None = None, final: bool = False, dry_run: bool = False
) -> YearLines:
    """Book the year's settlement, once; a second run gives what was booked. Refused when a month is open or the self-cost is not 0."""
    chosen = choose_agreement(inventory, agreement)
    if dry_run:
        return _settlement(inventory, store, chosen, year, final=final)
    with job_lock_of(store, cost_lock(chosen), at=now()):
        made = _settlement(inventory, store, chosen, year, final=final)
        if made.booked is None:
            _book(store, made, f"{year}-12", at)
    return made


def _settlement(inventory: Inventory, store: Store, agreement: str, year: int, *, final: bool) -> YearLines:
    booked = _booked(store, agreement)
    done = next((each for each in booked if (each.kind, each.about) == ("settlement", str(year))), None)
    if done is not None:
        return YearLines(agreement, year, "settlement", done.lines, booked=done.at)
    months = _months(inventory, store, agreement, year)
    last = months[-1][1]
    settled = _by_year(booked, "settlement")
    before = max((each for each in settled if each < year), default=None)
    given = SettlementInput(
        year, agreement, tuple(months), tuple(line for lines in (_by_year(booked, "advance").get(year, ()),) for line in lines),
        carried_out(settled[before]) if before is not None else {}, _staying(inventory, agreement, year), last, final,
    )  # fmt: skip
    made = settle(given)
    return YearLines(agreement, year, "settlement", made.lines, made.blocking, made.members)


def _months(inventory: Inventory, store: Store, agreement: str, year: int) -> list[tuple[MonthCost, Agreement]]:
    """The year's months in which a version is valid, all closed and whole, with the version that each ended under."""
    wanted = [month for month in (Month(year, number) for number in range(1, 13)) if versions_in(inventory.agreements, agreement, month)]
    if not wanted:
        raise WrongUse(f"no version of {agreement} is valid in {year}", help="samdrift inventory list agreements")
    require_whole(store, [f"{agreement}/{month}" for month in wanted])
    found = []
    with store.read() as connection:
        closed = {close.month for close in closes(connection, agreement)}
        for month in wanted:
            cost = closed_month(connection, agreement, month, viewer=OPERATIONS) if month in closed else None
            if cost is None:
                raise Refused(f"{month} of {agreement} is not closed", help=f"samdrift cost close --month {month}")
            found.append((cost, versions_in(inventory.agreements, agreement, month)[-1].agreement))
    return found


def _staying(inventory: Inventory, agreement: str, year: int) -> set[str]:
    """Who takes part in any pool on the first day after the year."""
    participation = Participation(inventory.members)
    after = versions_on(inventory.agreements, agreement, (date(year + 1, 1, 1),))
    return {member for version in after for pool in version.agreement.pools.values() for member in participation.days(version, pool)}


def _booked(store: Store, agreement: str) -> tuple[Booking, ...]:
    with store.read() as connection:
        return bookings(connection, agreement, viewer=OPERATIONS)


def booked_year(
    inventory: Inventory, store: Store, year: int, kind: Literal["advance", "settlement"], *, viewer: Viewer, agreement: str | None = None
) -> YearLines:
    """What is booked of the year's advance or settlement, as far as the viewer may read it (E3); no lines and no instant when nothing is."""
    chosen = choose_agreement(inventory, agreement)
    with store.read() as connection:
        found = bookings(connection, chosen, viewer=viewer)
    done = next((each for each in found if (each.kind, each.about) == (kind, str(year))), None)
    return YearLines(chosen, year, kind, done.lines if done else (), booked=done.at if done else None)


def _by_year(booked: tuple[Booking, ...], kind: str) -> dict[int, tuple[CostLine, ...]]:
    return {int(each.about): each.lines for each in booked if each.kind == kind}


def _book(store: Store, made: YearLines, period: str, at: datetime) -> None:
    if made.blocking:
        first = made.blocking[0]
        raise Refused(f"{first.code}: {first.text}", help="--dry-run shows the lines and all that blocks")
    name = f"{made.kind}/{made.year}/1"
    booking = Booking(made.agreement, name, made.kind, period, str(made.year), at, who(), "", made.lines)
    with store.write() as connection:
        add_booking(connection, booking)
        audit.append(
            connection, at=now(), actor=who(), verb=f"cost-{'advance' if made.kind == 'advance' else 'settle'}",
            object=f"year:{made.agreement}/{made.year}", members=sorted({line.member for line in made.lines}),
            after={"booking": name, "lines": len(made.lines), "ore": sum(line.amount_ore for line in made.lines)},
        )  # fmt: skip
