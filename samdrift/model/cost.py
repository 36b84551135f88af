"""Cost: documents that put öre into pools, lines that share them out, and what blocks a month (costs.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from samdrift.model.money import Ore
from samdrift.model.period import Month

Component = Literal[
    "key", "used", "idle", "overhead", "base", "priced", "minimum", "correction", "advance", "settlement"
]
Spread = Literal["days", "months"]
VatCategory = Literal["S", "E", "O"]


@dataclass(frozen=True, slots=True)
class Document:
    """One line of a document in a cost pool: öre over local dates [start, end); (document, line) is unique (P1, P2)."""

    document: str
    line: str
    pool: str
    amount_ore: Ore
    start: date
    end: date
    spread: Spread | None = None
    kind: str = "other"
    supplier: str = ""
    text: str = ""

    @property
    def id(self) -> str:
        return f"{self.document}/{self.line}"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line for one member: integer öre net of VAT, and the exact arithmetic behind it."""

    line: str
    agreement: str
    versions: tuple[tuple[str, int], ...]
    pool: str
    member: str
    service: str | None
    component: Component
    amount_ore: Ore
    exact_ore: Fraction
    share: Fraction | None = None
    quantity: Fraction | None = None
    unit: str | None = None
    price: Fraction | None = None
    estimated_share: Fraction = Fraction(0)
    vat_category: VatCategory = "E"
    vat_rate: Fraction = Fraction(0)
    documents: tuple[str, ...] = ()
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Blocking:
    """Why the month cannot be closed as it is; a stable code of costs.md 5."""

    code: str
    text: str
    pool: str | None = None
    member: str | None = None
    meter: str | None = None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class PoolTotal:
    """allocated + to settlement + unallocated = amount, always."""

    pool: str
    amount_ore: Ore
    allocated_ore: Ore
    to_settlement_ore: Ore
    unallocated_ore: Ore


@dataclass(frozen=True, slots=True)
class MemberTotal:
    """VAT is rounded once per category and rate (D1)."""

    member: str
    net_ore: Ore
    vat_ore: Ore

    @property
    def gross_ore(self) -> Ore:
        return self.net_ore + self.vat_ore


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month of one agreement, split; lines sorted by id."""

    month: Month
    agreement: str
    lines: tuple[CostLine, ...]
    pools: tuple[PoolTotal, ...]
    members: tuple[MemberTotal, ...]
    blocking: tuple[Blocking, ...]
    notes: tuple[str, ...] = ()
    accumulated: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    """pool → member → this month's exact share in öre, kept so that a carried remainder can be computed (R4)."""


@dataclass(frozen=True, slots=True)
class PoolDelta:
    """What a correction changes in a pool's totals: öre of documents, and of what goes to settlement."""

    pool: str
    amount_ore: Ore
    to_settlement_ore: Ore


BookingKind = Literal["correction", "advance", "settlement"]


@dataclass(frozen=True, slots=True)
class Booking:
    """Lines booked beside a month's split. `period` is the month in which they show (`2026-03`), `about` what they are about: the
    corrected month, or the year of an advance or a settlement; `id` is `<kind>/<about>/<number>`.
    """

    agreement: str
    id: str
    kind: BookingKind
    period: str
    about: str
    at: datetime
    by: str
    reason: str
    lines: tuple[CostLine, ...]
    pools: tuple[PoolDelta, ...] = ()
