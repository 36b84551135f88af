"""A member's year so far: cost by pool beside the budget, what was paid in advance, and twelve months as a chart (costs.md E2, S1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from samdrift.costs.advances import CARRIED
from samdrift.costs.invoices import PAID
from samdrift.costs.report import member_sums
from samdrift.model import wording
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.money import Ore
from samdrift.model.period import Month
from samdrift.model.section import Cell, Chart, Column, Section, Table, Term
from samdrift.model.text import Text

MONTHS = 12


def year_section(
    months: Mapping[Month, MonthCost], now: Month, member: str, budget: Mapping[str, Ore], booked: Sequence[CostLine], text: Text, *, in_advance: bool
) -> Section:
    """`months` are the closed ones (and the reported one) of the twelve months up to `now`; `budget` is pool → öre of the year.

    `booked` are the member's lines of the year's advance and settlement, which stand beside the months (S1, S2).
    """
    year = [cost for month, cost in sorted(months.items()) if month.year == now.year]
    open_ = [str(month) for month in last_twelve(now) if month.year == now.year and month not in months]
    tables: list[Table] = [_pools(year, member, budget, text)]
    missing = [text("year.open", months=", ".join(open_))] if open_ else []
    missing += [] if budget else [text("year.no-budget", year=now.year)]
    sentences = [text("year.says", amount=wording.money(_cost_of(year, member), text.language), count=len(year), year=now.year)]
    if in_advance:
        tables.append(_balance(year, member, booked, text))
        if not any(line.component == "advance" for line in booked):
            missing.append(text("year.no-advance", year=now.year))
    return Section("year", text("year.title", year=now.year), tuple(sentences), tuple(tables), tuple(missing), (twelve_months(months, now, member, text),))


def last_twelve(now: Month) -> tuple[Month, ...]:
    """The twelve months that end with `now`, in order."""
    found = [now]
    while len(found) < MONTHS:
        found.append(found[-1].previous)
    return tuple(reversed(found))


def twelve_months(months: Mapping[Month, MonthCost], now: Month, member: str, text: Text) -> Chart:
    """The member's net a month; a month that is not closed has no bar, not a bar of 0."""
    columns = (Column("month", text("year.month"), "id"), Column("net_ore", text("ledger.net"), "money"), Column("vat_ore", text("ledger.vat"), "money"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (str(month), *_month_cost(months[month], member)) if month in months else (str(month), None, None) for month in last_twelve(now)
    )
    table = Table("months", text("year.months"), columns, rows)
    return Chart("months-chart", text("year.months"), text("year.months-chart"), table, "month", "net_ore")


def _month_cost(cost: MonthCost, member: str) -> tuple[int, int]:
    """Net and VAT of the month's own cost: what is paid in advance or settled is no cost of it."""
    net, vat = member_sums(cost, member)
    return (_cost_of([cost], member), vat) if net != _cost_of([cost], member) else (net, vat)


def _cost_of(months: Sequence[MonthCost], member: str) -> Ore:
    return sum(line.amount_ore for cost in months for line in cost.lines if line.member == member and line.component not in PAID)


def _pools(year: Sequence[MonthCost], member: str, budget: Mapping[str, Ore], text: Text) -> Table:
    columns = (
        Column("pool", text("cost.pool"), "id"), Column("own_ore", text("year.own"), "money"), Column("amount_ore", text("year.all"), "money"),
        Column("budget_ore", text("year.budget"), "money"), Column("spent_ratio", text("year.spent"), "percent"),
    )  # fmt: skip
    own: dict[str, int] = {}
    whole: dict[str, int] = {}
    for cost in year:
        for pool in cost.pools:
            whole[pool.pool] = whole.get(pool.pool, 0) + pool.amount_ore
        for line in cost.lines:
            if line.member == member and line.component not in PAID:
                own[line.pool] = own.get(line.pool, 0) + line.amount_ore
    names = sorted({*whole, *budget})
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, own.get(name, 0), whole.get(name, 0), budget.get(name, ""), Fraction(whole.get(name, 0), budget[name]) if budget.get(name) else "")
        for name in names
    )
    planned = sum(budget.values())
    spent = Fraction(sum(whole.values()), planned) if planned else None
    total = (text("cost.total"), sum(own.values()), sum(whole.values()), planned if budget else None, spent)
    return Table("year-pools", text("year.pools"), columns, rows, total)


def _balance(year: Sequence[MonthCost], member: str, booked: Sequence[CostLine], text: Text) -> Table:
    """Paid in advance and carried in, less the cost so far and what was settled: positive is the member's to have (S2)."""
    columns = (Column("what", text("year.what")), Column("amount_ore", text("cost.amount"), "money"))
    advance = sum(line.amount_ore for line in booked if line.component == "advance")
    carried = -sum(line.amount_ore for line in booked if line.pool == CARRIED)
    settled = sum(line.amount_ore for line in booked if line.component == "settlement" and line.pool != CARRIED)
    sums = {"advance": advance - carried, "carried": carried, "cost": -_cost_of(year, member), "settlement": settled}
    rows: tuple[tuple[Cell, ...], ...] = tuple((Term(name, text(f"year.{name}")), ore) for name, ore in sums.items())
    return Table("year-balance", text("year.balance"), columns, rows, (text("year.left"), sum(sums.values())))
