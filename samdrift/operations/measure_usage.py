"""Measure usage of a month from readings: roll up, give each resource to its owner, say what is missing (costs.md M1-M9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from samdrift.metering.owners import owner_of
from samdrift.metering.rollup_sql import counts_sql, daily_sql, gaps_sql
from samdrift.metering.usage import CountRow, DailyRow, GapRow, Owners, daily_usage, period_usage
from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership
from samdrift.model.period import Month, local_midnight, microseconds
from samdrift.model.reading import DailyUsage, Meter, Reading, Usage
from samdrift.store.rollup import DayBounds, RawRow, roll_up


@dataclass(frozen=True)
class MonthUsage:
    """Daily rows and the month's usage of all meters asked for."""

    daily: tuple[DailyUsage, ...]
    usage: tuple[Usage, ...]


def measure_usage(
    inventory: Inventory,
    month: Month,
    meters: Mapping[str, Meter],
    readings: Iterable[Reading],
    parts: Mapping[str, Sequence[Path]] | None = None,
) -> MonthUsage:
    """Usage of the month from readings in memory and Parquet parts by meter; the inventory's owners of today."""
    rows: dict[str, list[RawRow]] = {meter: [] for meter in meters}
    given: dict[str, str] = {}
    for reading in readings:
        if reading.meter in rows and reading.at is not None:
            rows[reading.meter].append(
                (reading.resource, microseconds(reading.at), reading.quantity, reading.quality.value)
            )
            if reading.member:
                given[reading.resource] = reading.member
    daily: list[DailyUsage] = []
    usage: list[Usage] = []
    for name, meter in sorted(meters.items()):
        own_parts = (parts or {}).get(name, ())
        if rows[name] or own_parts:
            found = _of_meter(inventory, month, meter, rows[name], own_parts, given)
            daily += found.daily
            usage += found.usage
    return MonthUsage(tuple(daily), tuple(usage))


def day_bounds(month: Month) -> tuple[DayBounds, ...]:
    """The local days of a month with their UTC bounds in microseconds."""
    return tuple(
        (day, microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1))))
        for day in month.days()
    )


def _of_meter(
    inventory: Inventory,
    month: Month,
    meter: Meter,
    rows: Iterable[RawRow],
    parts: Sequence[Path],
    given: Mapping[str, str],
) -> MonthUsage:
    statements = (daily_sql(meter), counts_sql(meter), gaps_sql(meter))
    by_day, counted, silent = roll_up(statements, day_bounds(month), rows=rows, parts=parts)
    daily_rows = [
        DailyRow(resource, day, quality, int(quantity), milliseconds)
        for resource, day, quality, quantity, milliseconds in by_day
    ]
    owners = _owners(inventory, {row.resource for row in daily_rows}, month.days(), given)
    counts = [CountRow(*row) for row in counted]
    gaps = [GapRow(*row) for row in silent]
    return MonthUsage(
        daily_usage(meter, daily_rows, owners),
        period_usage(meter, daily_rows, counts, gaps, owners, month.start, month.end),
    )


def _owners(inventory: Inventory, resources: Iterable[str], days: Iterable[date], given: Mapping[str, str]) -> Owners:
    days = tuple(days)
    found = {}
    for resource in sorted(resources):
        ownership = owner_of(inventory, resource)
        if ownership is None:
            member = given.get(resource, "")
            ownership = Ownership.of(member, None) if member in inventory.members else Ownership((), None)
        found.update({(resource, day): ownership for day in days})
    return found
