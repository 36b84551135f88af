"""Section and Table: what a room gives a report; `reports` lays them out (common.md 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from samdrift.model.finding import Status

CellKind = Literal["text", "id", "state", "money", "quantity", "percent", "integer", "instant", "date", "duration", "bytes"]
Cell = str | int | Fraction | Status | datetime | date | None


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
class Section:
    """One part of a report: title, plain sentences, tables. `missing` says what could not be had."""

    id: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    missing: tuple[str, ...] = ()


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
