"""Stored usage: a month's usage rolled up from the raw parts, with the owners of their day (costs.md M9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import Connection

from samdrift.metering.registry import meters
from samdrift.model.errors import CouldNotObserve
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.ownership import Ownership
from samdrift.model.period import LocalDays, Month
from samdrift.model.reading import Meter
from samdrift.operations.measure_usage import MonthUsage, measure_usage
from samdrift.store import Store, raw, usage
from samdrift.store.raw_reach import reaching, with_days

BEFORE = timedelta(days=400)
"""How far back the last sample before a period may lie; raw readings older than that are not looked at."""
AFTER = timedelta(days=40)


def stored_usage(inventory: Inventory, store: Store, month: Month | LocalDays) -> MonthUsage:
    """The usage of every meter that has raw readings. CouldNotObserve when a part that it rests on is not what the manifest says."""
    with store.read() as connection:
        parts = raw_parts(inventory, connection, month)
        changed = raw.changed_among(connection, {path: sha256 for path, (_, sha256) in parts.items()})
        owners = dated_owners(connection, month)
    if changed:
        raise CouldNotObserve(
            f"raw-changed: {changed[0]} is not what was stored",
            help="restore it from a backup of the store: samdrift backup restore samdrift-store",
        )
    return usage_of_parts(inventory, store, month, parts, owners)


def raw_parts(inventory: Inventory, connection: Connection, month: Month | LocalDays) -> dict[str, tuple[str, str]]:
    """Path → (meter, sha256) of the parts that the period's usage rests on: those of its days and the nearest before and after (C1)."""
    known = _known(inventory)
    found = raw.manifest(connection, first=month.first_day - BEFORE, last=month.until_day + AFTER)
    needed = {path for own in _needed(connection, known, month, found).values() for path in own}
    return {path: row for path, row in found.items() if raw.place_of(connection, path) in needed}


def dated_owners(connection: Connection, month: Month | LocalDays) -> Mapping[tuple[str, date], Ownership]:
    """Whose each resource was on each local day of the period."""
    return usage.owners(connection, first=month.first_day, last=month.days()[-1])


def usage_of_parts(
    inventory: Inventory,
    store: Store,
    month: Month | LocalDays,
    frozen: Mapping[str, tuple[str, str]],
    dated: Mapping[tuple[str, date], Ownership],
    *,
    until: datetime | None = None,
) -> MonthUsage:
    """The period's usage of just these parts and owners, cut at `until`."""
    known = _known(inventory)
    with store.read() as connection:
        by_meter = _needed(connection, known, month, frozen)
    return measure_usage(inventory, month, known, (), by_meter, dated, until=until)


def _known(inventory: Inventory) -> Mapping[str, Meter]:
    return meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))


def _needed(
    connection: Connection, known: Mapping[str, Meter], month: Month | LocalDays, found: Mapping[str, tuple[str, str]]
) -> dict[str, list[Path]]:
    """Meter → the parts to read. What happens at an instant needs its own days; an interval may have begun on any day before."""
    by_meter: dict[str, list[Path]] = {}
    for path, (meter, _) in sorted(found.items()):
        if meter in known:
            by_meter.setdefault(meter, []).append(raw.place_of(connection, path))
    first, last = month.first_day, month.days()[-1]
    for meter, paths in by_meter.items():
        days = with_days(paths)
        if known[meter].kind in {"gauge", "counter"}:
            by_meter[meter] = reaching(days, first, last)
        else:
            by_meter[meter] = [path for day, path in days if day <= last and (known[meter].kind == "interval" or day >= first)]
    return {meter: paths for meter, paths in by_meter.items() if paths}
