"""What the joint board reads each month: cost against budget, the members' shares, exceptions, and what is missing (costs.md E2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from samdrift.costs.invoices import PAID
from samdrift.costs.report import MOST_BARS, shares_chart
from samdrift.model import wording
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.cost_words import blocking_words, name_of, note_words
from samdrift.model.money import Ore, half_away_from_zero
from samdrift.model.nouns.member import Member
from samdrift.model.period import Month
from samdrift.model.section import Cell, Chart, Column, Section, Table, Term
from samdrift.model.text import Text

NOTICED = Fraction(1, 100)
"""From this estimated share on a line is an exception that the board reads of."""


def budget_section(months: Mapping[Month, MonthCost], now: Month, budget: Mapping[str, Ore], text: Text) -> Section:
    """Each pool's month and year so far beside its budget; a line across the bar is the part of the budget that the months make."""
    year = {month: cost for month, cost in months.items() if month.year == now.year}
    open_ = [str(month) for month in _months_of(now) if month not in year]
    spent, passed = _spent(year.values()), len(year)
    columns = (
        Column("pool", text("cost.pool"), "id"), Column("month_ore", text("board.month"), "money"), Column("year_ore", text("board.year"), "money"),
        Column("due_ore", text("board.due"), "money"), Column("budget_ore", text("year.budget"), "money"), Column("spent_ratio", text("year.spent"), "percent"),
    )  # fmt: skip
    month = {pool.pool: pool.amount_ore for pool in months[now].pools} if now in months else {}
    names = sorted({*spent, *budget})
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name, month.get(name, 0), spent.get(name, 0), half_away_from_zero(Fraction(budget[name] * passed, 12)) if name in budget else "", budget.get(name, ""),
            Fraction(spent.get(name, 0), budget[name]) if budget.get(name) else "",
        )
        for name in names
    )  # fmt: skip
    planned = sum(budget.values())
    total = (
        text("cost.total"), sum(month.values()), sum(spent.values()), sum(row[3] for row in rows if isinstance(row[3], int)) if budget else None,
        planned if budget else None, Fraction(sum(spent.values()), planned) if planned else None,
    )  # fmt: skip
    table = Table("board-pools", text("board.pools"), columns, rows, total)
    chart = Chart("board-pools-chart", text("board.pools"), text("board.pools-chart"), table, "pool", "year_ore", mark="due_ore", lying=True)
    missing = [text("year.open", months=", ".join(open_))] if open_ else []
    missing += [] if budget else [text("year.no-budget", year=now.year)]
    says = text("board.budget-says", spent=wording.money(sum(spent.values()), text.language), count=passed, year=now.year)
    return Section("budget", text("board.budget"), (says,), (), tuple(missing), (chart,))


def _months_of(now: Month) -> list[Month]:
    return [Month(now.year, number) for number in range(1, now.month + 1)]


def _spent(costs: Iterable[MonthCost]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cost in costs:
        for pool in cost.pools:
            found[pool.pool] = found.get(pool.pool, 0) + pool.amount_ore
    return found


def shares_section(cost: MonthCost, members: Mapping[str, Member], text: Text) -> Section:
    """What each member bears of the month."""
    whole = sum(total.net_ore for total in cost.members)
    says = text("board.shares-says", amount=wording.money(whole, text.language), count=len(cost.members))
    chart = shares_chart(cost, members, text)
    if len(chart.table.rows) > MOST_BARS:
        return Section("shares", text("board.shares"), (says,), (chart.table,))
    return Section("shares", text("board.shares"), (says,), charts=(chart,))


def exceptions_section(cost: MonthCost, accepted: Mapping[str, str], members: Mapping[str, Member], text: Text) -> Section:
    """Everything out of the ordinary: blocked pools, estimated use, accepted readings, corrections, öre that nobody bears."""
    rows = [*_blocked(cost, members, text), *_accepted(accepted, text), *_lines(cost.lines, members, text), *_pools(cost, text)]
    columns = (
        Column("kind", text("board.kind")), Column("concerns", text("board.concerns")), Column("amount_ore", text("cost.amount"), "money"),
        Column("words", text("board.words")),
    )  # fmt: skip
    says = text("board.exceptions-says", count=len(rows)) if rows else text("board.exceptions-missing" if cost.notes else "board.exceptions-none")
    tables = (Table("board-exceptions", text("board.exceptions-caption"), columns, tuple(rows)),) if rows else ()
    return Section("exceptions", text("board.exceptions"), (says,), tables, tuple(note_words(note, members, text) for note in cost.notes))


def _blocked(cost: MonthCost, members: Mapping[str, Member], text: Text) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for each in cost.blocking:
        concerns = [each.pool or "", name_of(each.member, members) if each.member else ""]
        found.append((Term(each.code, text("board.blocking")), ", ".join(filter(None, concerns)), "", blocking_words(each, text)))
    return found


def _accepted(accepted: Mapping[str, str], text: Text) -> list[tuple[Cell, ...]]:
    return [(Term(f"accepted-{kind}", text(f"board.accepted-{kind}")), "", "", reason) for kind, reason in sorted(accepted.items())]


def _lines(lines: Sequence[CostLine], members: Mapping[str, Member], text: Text) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for line in lines:
        name = name_of(line.member, members)
        if line.component == "correction":
            found.append((Term("correction", text("cost.component.correction")), name, line.amount_ore, text("board.corrects", line=line.corrects or "?")))
        elif line.component not in PAID and line.estimated_share >= NOTICED:
            share = wording.percent(line.estimated_share, 1, text.language)
            found.append((Term("estimated", text("board.estimated")), name, line.amount_ore, text("board.estimated-words", share=share, pool=line.pool)))
    return found


def _pools(cost: MonthCost, text: Text) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for pool in cost.pools:
        if pool.to_settlement_ore:
            found.append((Term("to-settlement", text("cost.settlement")), pool.pool, pool.to_settlement_ore, text("board.settlement-words")))
        if pool.unallocated_ore:
            found.append((Term("unallocated", text("cost.unallocated")), pool.pool, pool.unallocated_ore, text("board.unallocated-words")))
    return found
