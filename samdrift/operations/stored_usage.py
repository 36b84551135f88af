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
from samdrift.operations.measure_usage import MonthUsage, measure_usage
from samdrift.store import Store, raw, usage

BEFORE = timedelta(days=400)
"""How far back the last sample before a period may lie; raw readings older than that are not looked at."""
AFTER = timedelta(days=40)


def stored_usage(inventory: Inventory, store: Store, month: Month | LocalDays) -> MonthUsage:
    """The usage of every meter that has raw readings. CouldNotObserve when a part is not what the manifest says."""
    known = meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))
    first, last = _reach(month)
    with store.read() as connection:
        changed = raw.changed_parts(connection)
        if changed:
            raise CouldNotObserve(
                f"raw-changed: {changed[0]} is not what was stored",
                help="restore it from a backup of the store: samdrift backup restore samdrift-store",
            )
        parts = {meter: raw.parts(connection, meter, first=first, last=last) for meter in known}
        dated = usage.owners(connection, first=month.first_day, last=month.days()[-1])
    return measure_usage(inventory, month, known, (), {meter: found for meter, found in parts.items() if found}, dated)


def raw_parts(connection: Connection, month: Month) -> dict[str, tuple[str, str]]:
    """Path → (meter, sha256) of all parts that the month's usage may rest on: its days and their neighbours (C1)."""
    first, last = _reach(month)
    return raw.manifest(connection, first=first, last=last)


def dated_owners(connection: Connection, month: Month) -> Mapping[tuple[str, date], Ownership]:
    """Whose each resource was on each local day of the month."""
    return usage.owners(connection, first=month.first_day, last=month.days()[-1])


def usage_of_parts(
    inventory: Inventory,
    store: Store,
    month: Month,
    frozen: Mapping[str, tuple[str, str]],
    dated: Mapping[tuple[str, date], Ownership],
    *,
    until: datetime | None = None,
) -> MonthUsage:
    """The month's usage of just these parts and owners, cut at `until`."""
    known = meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))
    by_meter: dict[str, list[Path]] = {}
    with store.read() as connection:
        for path, (meter, _) in sorted(frozen.items()):
            if meter in known:
                by_meter.setdefault(meter, []).append(raw.place_of(connection, path))
    return measure_usage(inventory, month, known, (), by_meter, dated, until=until)


def _reach(month: Month | LocalDays) -> tuple[date, date]:
    return month.first_day - BEFORE, month.until_day + AFTER
