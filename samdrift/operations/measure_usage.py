"""Measure usage of a month from readings: roll up, give each resource to its owner, say what is missing (costs.md M1-M9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from samdrift.metering.owners import owner_of
from samdrift.metering.rollup_sql import counts_sql, daily_sql, gaps_sql, prepare_sql
from samdrift.metering.usage import CountRow, DailyRow, GapRow, Owners, daily_usage, period_usage
from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership
from samdrift.model.period import LocalDays, Month, from_microseconds, local_day, local_midnight, microseconds
from samdrift.model.reading import DailyUsage, DecreasePolicy, Meter, Reading, Usage
from samdrift.store.rollup import Chosen, DayBounds, RawRow, roll_up


@dataclass(frozen=True)
class MonthUsage:
    """Daily rows and the month's usage of all meters asked for."""

    daily: tuple[DailyUsage, ...]
    usage: tuple[Usage, ...]


def measure_usage(
    inventory: Inventory,
    month: Month | LocalDays,
    meters: Mapping[str, Meter],
    readings: Iterable[Reading],
    parts: Mapping[str, Sequence[Path]] | None = None,
    dated: Owners | None = None,
    until: datetime | None = None,
) -> MonthUsage:
    """Usage of the month (or a run of days) from readings in memory and Parquet parts by meter; `until` cuts an open month.

    `dated` says whose a resource was on a day (M7); for days that it does not know the inventory's owners of today stand in.
    """
    rows: dict[str, list[RawRow]] = {meter: [] for meter in meters}
    given: dict[str, dict[date, str]] = {}
    for reading in readings:
        begin = reading.at or reading.start
        if reading.meter in rows and begin is not None:
            over = None if reading.end is None else microseconds(reading.end)
            rows[reading.meter].append((reading.resource, microseconds(begin), reading.quantity, reading.quality.value, over))
            if reading.member:
                given.setdefault(reading.resource, {})[local_day(begin)] = reading.member
    daily: list[DailyUsage] = []
    usage: list[Usage] = []
    for name, meter in sorted(meters.items()):
        own_parts = (parts or {}).get(name, ())
        if rows[name] or own_parts:
            for variant, chosen in _variants(inventory, meter):
                found = _of_meter(inventory, month, variant, chosen, rows[name], own_parts, given, dated or {}, until)
                daily += found.daily
                usage += found.usage
    return MonthUsage(tuple(daily), tuple(usage))


def _variants(inventory: Inventory, meter: Meter) -> Iterator[tuple[Meter, Chosen]]:
    """The meter with the resources that follow it, and beside it one for each other word that devices say of a falling counter."""
    own: dict[DecreasePolicy, list[str]] = {}
    if meter.kind == "counter":
        for device in inventory.devices.values():
            if device.on_decrease not in {None, meter.on_decrease}:
                assert device.on_decrease is not None
                own.setdefault(device.on_decrease, []).append(device.id)
    yield meter, Chosen([name for names in own.values() for name in names])
    for policy, names in sorted(own.items()):
        yield replace(meter, on_decrease=policy), Chosen(names, others=False)


def day_bounds(month: Month | LocalDays, until: datetime | None = None) -> tuple[DayBounds, ...]:
    """The local days with their UTC bounds in microseconds, cut at `until`: at least one day, if of no length."""
    end = month.end if until is None else max(month.start, min(month.end, until))
    days = [day for day in month.days() if local_midnight(day) < end] or month.days()[:1]
    return tuple(
        (day, microseconds(local_midnight(day)), microseconds(min(end, local_midnight(day + timedelta(days=1)))))
        for day in days
    )


def _of_meter(
    inventory: Inventory,
    month: Month | LocalDays,
    meter: Meter,
    chosen: Chosen,
    rows: Iterable[RawRow],
    parts: Sequence[Path],
    given: Mapping[str, Mapping[date, str]],
    dated: Owners,
    until: datetime | None,
) -> MonthUsage:
    bounds = day_bounds(month, until)
    statements = (daily_sql(meter), counts_sql(meter), gaps_sql(meter))
    neighbours = meter.kind in {"gauge", "counter"}
    by_day, counted, silent = roll_up(prepare_sql(meter), statements, bounds, rows=rows, parts=parts, neighbours=neighbours, chosen=chosen)
    daily_rows = [
        DailyRow(resource, day, quality, int(quantity), milliseconds)
        for resource, day, quality, quantity, milliseconds in by_day
    ]
    resources = {row.resource for row in daily_rows}
    today = _owners(inventory, resources, month.days(), given)
    owners = {**today, **{key: value for key, value in dated.items() if key[0] in resources}}
    counts = [CountRow(*row) for row in counted]
    gaps = [GapRow(*row) for row in silent]
    return MonthUsage(
        daily_usage(meter, daily_rows, owners),
        period_usage(meter, daily_rows, counts, gaps, owners, month.start, from_microseconds(bounds[-1][2])),
    )


def _owners(
    inventory: Inventory, resources: Iterable[str], days: Iterable[date], given: Mapping[str, Mapping[date, str]]
) -> Owners:
    """The inventory's owner; for a resource that it does not know the member given last up to that day, before the first the first."""
    days = tuple(days)
    found = {}
    for resource in sorted(resources):
        ownership = owner_of(inventory, resource)
        named = given.get(resource, {})
        for day in days:
            whose = ownership
            if whose is None:
                member = named[max((each for each in named if each <= day), default=min(named))] if named else ""
                whose = Ownership.of(member, None) if member in inventory.members else Ownership((), None)
            found[(resource, day)] = whose
    return found
