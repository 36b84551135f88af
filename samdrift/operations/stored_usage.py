"""Stored usage: a month's usage rolled up from the raw parts, with the owners of their day (costs.md M9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from samdrift.metering.registry import meters
from samdrift.model.errors import CouldNotObserve
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
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


def raw_digests(store: Store, month: Month) -> dict[str, str]:
    """Path → sha256 of the parts whose local day lies in the month, for a close."""
    with store.read() as connection:
        return dict(raw.digests(connection, month.days()))


def _reach(month: Month | LocalDays) -> tuple[date, date]:
    return month.first_day - BEFORE, month.until_day + AFTER
