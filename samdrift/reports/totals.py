"""The totals of a report's tables as a table of their own, so that every number of the printed page is in the CSV too (interface.md U37)."""

from __future__ import annotations

from fractions import Fraction

from samdrift.model.section import Cell, Column, Report, Table
from samdrift.model.text import Text


def totals_table(report: Report) -> Table:
    """One row a total: which table, which column, and the number in öre or as it is."""
    text = Text(report.language)
    columns = (
        Column("table", text("report.table"), "id"),
        Column("column", text("report.column"), "id"),
        Column("amount_ore", text("report.amount"), "money"),
        Column("value", text("report.value"), "quantity"),
    )
    rows: list[tuple[Cell, ...]] = []
    for section in report.sections:
        for table in section.all_tables:
            for column, cell in zip(table.columns[1:], (table.totals or (None,) * len(table.columns))[1:], strict=True):
                if isinstance(cell, int | Fraction):
                    money = column.kind == "money"
                    rows.append((table.id, column.key, int(cell) if money else "", "" if money else Fraction(cell)))
    return Table("totals", text("report.totals"), columns, tuple(rows))


def tables_of(report: Report) -> tuple[Table, ...]:
    """Every table of the report in its order, the totals last when there are any."""
    found = tuple(table for section in report.sections for table in section.all_tables)
    totals = totals_table(report)
    return (*found, totals) if totals.rows else found
