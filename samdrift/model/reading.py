"""Reading: one observed quantity of one resource; gaps are data (common.md 2, costs.md M1-M8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Literal

SHARED = "shared"
UNASSIGNED = "unassigned"

MeterKind = Literal["gauge", "counter", "interval", "event"]
GapPolicy = Literal["carry", "stop", "fail"]
DecreasePolicy = Literal["reset", "wrap-32", "wrap-64", "block"]
ConflictPolicy = Literal["lowest", "highest", "block"]


class Quality(StrEnum):
    """How a quantity came to be; `end` ends a gauge."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    SIMULATED = "simulated"
    END = "end"


@dataclass(frozen=True, slots=True)
class Reading:
    """`quantity` is an integer in the meter's base unit (millionths for interval and event); `at` an instant, or `start`/`end` an interval."""

    meter: str
    resource: str
    member: str
    quantity: int | None
    quality: Quality
    source: str
    at: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter as shipped: its kind, units and policies; `meters.yml` may override the policies.

    `base` and `priced` are unit names; `per_priced` is how many base units × seconds (gauge) or base units (else) make one priced unit.
    """

    id: str
    kind: MeterKind
    base: str
    priced: str
    per_priced: Fraction
    title: str
    source: str
    max_gap_seconds: int | None
    gap: GapPolicy = "carry"
    on_decrease: DecreasePolicy = "block"
    conflict: ConflictPolicy = "lowest"
    max_rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence longer than the meter's max_gap: [start, end) and how it was treated."""

    start: datetime
    end: datetime
    treated: Literal["estimated", "unmeasured", "blocks"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage of one resource by one member in [start, end): exact, with its quality.

    `quantity_base` is base × milliseconds for a gauge, base units otherwise (costs.md 5b); `quantity` is in the priced unit.
    """

    meter: str
    resource: str
    member: str
    start: datetime
    end: datetime
    quantity_base: Fraction
    quantity: Fraction
    unit: str
    measured_seconds: Fraction
    estimated_seconds: Fraction
    unmeasured_seconds: Fraction
    estimated_base: Fraction
    simulated_base: Fraction
    samples: int
    duplicates: int
    conflicts: int
    resets: int
    gaps: tuple[Gap, ...] = ()
    blocking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """The daily roll-up row of one (day, resource, meter, member, quality), rebuilt from raw identically (M9)."""

    day: date
    meter: str
    resource: str
    member: str
    quality: Quality
    quantity_base: Fraction
    seconds: Fraction = field(default=Fraction(0))
