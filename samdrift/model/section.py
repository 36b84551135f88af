"""Section and Table: what a room gives a report; `reports` lays them out (common.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from samdrift.model.finding import Status

CellKind = Literal["text", "id", "state", "money", "quantity", "percent", "integer", "instant", "date", "duration", "bytes"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of ours in a cell: its English id for machines, its text for people."""

    id: str
    text: str


Cell = str | int | Fraction | Status | Term | datetime | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the CSV and JSON name (English, unit suffix); `heading` what people read; numbers are right-aligned."""

    key: str
    heading: str
    kind: CellKind = "text"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table; `money` cells are integer öre, `quantity` exact fractions, `duration` whole seconds; None is unknown."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns or bars drawn from two columns of a table, which stands below it: `label` and `value` are column keys (U31).

    `mark` is the column of a second value that is drawn as a line across each bar, such as a budget. Unknown values are left open.
    """

    id: str
    title: str
    description: str
    table: Table
    label: str
    value: str
    mark: str | None = None
    lying: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: title, plain sentences, charts with their data, tables. `missing` says what could not be had."""

    id: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    missing: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """Every table of the section, those of its charts first."""
        return tuple(chart.table for chart in self.charts) + self.tables


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: first page facts (interface.md U38) and its sections in order."""

    id: str
    title: str
    language: Literal["sv", "en"]
    says: str
    audience: str
    period: str
    data_until: datetime | None
    made_at: datetime
    method: str
    version: str
    sections: tuple[Section, ...]
    contact: str
    facts: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[tuple[str, str], ...] = ()
    """Name and value of the few numbers that the first page shows large; each stands in a table too."""
