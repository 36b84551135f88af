"""Watch costs: once a day the open month's estimate, the budget, pending corrections and the proof of the newest close (costs.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from samdrift.costs.metrics import BUDGET_SPENT, ESTIMATE, PENDING, UNALLOCATED, VERIFIED
from samdrift.model.cost import MonthCost
from samdrift.model.errors import EXIT_FINDINGS, SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.close_costs import preview_close
from samdrift.operations.correct_costs import correct_costs
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.verify_costs import verify_costs
from samdrift.store import Store
from samdrift.store.closes import closed_month, closes
from samdrift.store.cost_watch import Watched, replace_watched

MONTHS_BACK = 3
"""Closed months that are looked at for corrections each day; older ones by hand."""


def as_job(work: JobWork) -> JobDone:
    """Every agreement; one that cannot be looked at is that one's reason."""
    found: dict[str, int] = {"agreements": 0, "verify_faults": 0}
    reasons: list[str] = []
    for agreement in sorted({each.id for each in work.inventory.agreements}):
        try:
            watched = tuple(watch_agreement(work.inventory, work.store, agreement, at=work.at))
        except SamdriftError as error:
            reasons.append(f"{agreement}: {error.message}")
            continue
        with work.store.write() as connection:
            replace_watched(connection, agreement, watched, at=work.at)
        found["agreements"] += 1
        found["verify_faults"] += sum(each.metric == VERIFIED.name and not each.value for each in watched)
    if reasons:
        return JobDone(Outcome.PARTIAL if found["agreements"] else Outcome.FAILED, found, tuple(reasons))
    return JobDone(Outcome.OK, found, exit_code=EXIT_FINDINGS if found["verify_faults"] else None)


def watch_agreement(inventory: Inventory, store: Store, agreement: str, *, at: datetime) -> Iterator[Watched]:
    """All values of one agreement at an instant."""
    with store.read() as connection:
        closed = [close.month for close in closes(connection, agreement)]
        ledgers = [cost for month in closed if (cost := closed_month(connection, agreement, month, viewer=OPERATIONS))]
    if closed:
        faults = verify_costs(store, inventory, closed[-1], agreement=agreement).faults
        yield Watched(VERIFIED.name, "", Fraction(0 if faults else 1))
        if not faults:  # a correction of what cannot be trusted would say nothing
            yield from _pending(inventory, store, agreement, closed[-MONTHS_BACK:], at)
    month = closed[-1].next if closed else Month.of(at)
    if month.start <= at:
        estimate = preview_close(inventory, store, month, at=at, agreement=agreement)
        yield from _estimate(estimate)
        ledgers.append(estimate)
    yield from _budget(inventory, agreement, month.year, [cost for cost in ledgers if cost.month.year == month.year])


def _estimate(cost: MonthCost) -> Iterator[Watched]:
    sums: dict[str, int] = {}
    for line in cost.lines:
        label = f"{line.pool}/{line.member}"
        sums[label] = sums.get(label, 0) + line.amount_ore
    yield from (Watched(ESTIMATE.name, label, Fraction(ore)) for label, ore in sums.items())
    yield from (Watched(UNALLOCATED.name, total.pool, Fraction(total.unallocated_ore)) for total in cost.pools)


def _budget(inventory: Inventory, agreement: str, year: int, months: Iterable[MonthCost]) -> Iterator[Watched]:
    spent: dict[str, int] = {}
    for total in (total for cost in months for total in cost.pools):
        spent[total.pool] = spent.get(total.pool, 0) + total.amount_ore
    for budget in inventory.all("budgets"):
        if (budget.agreement, budget.year) == (agreement, year):
            yield from (Watched(BUDGET_SPENT.name, pool, Fraction(spent.get(pool, 0), ore)) for pool, ore in budget.pools.items() if ore)


def _pending(inventory: Inventory, store: Store, agreement: str, months: Iterable[Month], at: datetime) -> Iterator[Watched]:
    sums: dict[str, int] = {}
    for month in months:
        made = correct_costs(inventory, store, month, reason="", at=at, agreement=agreement, dry_run=True)
        for line in made.found.lines:
            sums[line.member] = sums.get(line.member, 0) + abs(line.amount_ore)
    yield from (Watched(PENDING.name, member, Fraction(ore)) for member, ore in sums.items())
