"""Collect usage: readings from the inventory, the rota, the halls and Prometheus into the store, from where it stopped (costs.md M10, 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

from samdrift.alerting.rota import shifts
from samdrift.metering import counting
from samdrift.metering.owners import owner_of
from samdrift.metering.registry import meters
from samdrift.model.errors import CouldNotObserve, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.nouns.rota import Rota
from samdrift.model.period import Month, local_day, local_midnight
from samdrift.model.reading import Quality, Reading
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.query_prometheus import read_meter
from samdrift.operations.roll_up_usage import roll_up_usage
from samdrift.store import Store, collections, hall, raw, usage

BACK = timedelta(days=2)
"""How far the first collection of a selector or a rota reaches back."""
OVERLAP = timedelta(minutes=10)
"""How much is asked for again, so that late samples and servers' left borders lose nothing; the same sample counts once."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for: [start, end]; without a start, from where the source stopped."""

    start: datetime | None
    end: datetime


@dataclass(slots=True)
class Collected:
    """What came of one source and meter."""

    source: str
    meter: str
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    set_aside: int = 0
    faults: list[str] = field(default_factory=list)


Fetch = Callable[[], tuple[Sequence[Reading], Sequence[str]]]


def collect_usage(inventory: Inventory, store: Store, *, at: datetime, meter: str | None = None, start: datetime | None = None, end: datetime | None = None) -> tuple[Collected, ...]:
    """Every source once, or one meter's; [start, end] fills a window of what keeps a past (selectors, rota, halls). One source's failure is its own result.

    UnknownId for a meter that is none.
    """
    rows = cast("tuple[MeterRow, ...]", inventory.all("meters"))
    known = meters(rows)
    if meter is not None and meter not in known:
        raise UnknownId("meter", meter, known)
    window = Window(start, min(end, at) if end else at)
    found = []
    if start is None and end is None:
        for counted in counting.COUNTED:
            if meter in {None, counted}:
                found.append(_from_inventory(inventory, store, counted, at))
    if meter in {None, "oncall-time"}:
        found.append(_from_rota(inventory, store, window))
    if meter in {None, "energy-it"}:
        found.append(_from_halls(inventory, store, window))
    for row in rows:
        if row.selector is not None and meter in {None, row.id}:
            found.append(_from_prometheus(inventory, store, row, window))
    return tuple(found)


def collect_job(work: JobWork) -> JobDone:
    """The hourly job, with the open month's roll-up: partial when a source could not be read; its mark stays and the next run goes on from there."""
    found = collect_usage(work.inventory, work.store, at=work.at)
    faults = [f"{one.source} {one.meter}: {fault}" for one in found for fault in one.faults]
    rows = roll_up_usage(work.inventory, work.store, Month.of(work.at), at=work.at)
    counts = {"readings": sum(one.accepted for one in found), "sources": len(found), "faults": len(faults), "daily_rows": rows}
    return JobDone(Outcome.PARTIAL if faults else Outcome.OK, counts, tuple(faults[:5]))


def _from_inventory(inventory: Inventory, store: Store, meter: str, at: datetime) -> Collected:
    with store.read() as connection:
        first = local_day(at) - timedelta(days=40)
        last: dict[str, Quality] = {}
        for reading in raw.readings(connection, meter, viewer=OPERATIONS, first=first, last=local_day(at)):
            last[reading.resource] = reading.quality
    before = {meter: [resource for resource, quality in last.items() if quality is not Quality.END]}
    readings = [one for one in counting.counted(inventory, at, before) if one.meter == meter]
    return _keep(inventory, store, Collected("inventory", meter), readings, at, at)


def _from_rota(inventory: Inventory, store: Store, window: Window) -> Collected:
    """Whole local days of duty that have passed, so that no shift is told twice in other pieces."""
    began = _begin(store, "alerting", "oncall-time", window)
    days = [local_day(began)]
    while days[-1] < local_day(window.end):
        days.append(days[-1] + timedelta(days=1))
    readings: list[Reading] = []
    for first, last in pairwise(days):
        start, end = local_midnight(first), local_midnight(last)
        held = [shift for rota in cast("tuple[Rota, ...]", inventory.all("rota")) for layer in rota.layers for shift in shifts(rota, layer, start, end)]
        readings += counting.on_duty(inventory, held, start, end)
    return _keep(inventory, store, Collected("alerting", "oncall-time"), readings, local_midnight(days[-1]), window.end)


def _from_halls(inventory: Inventory, store: Store, window: Window) -> Collected:
    began = _begin(store, "halls", "energy-it", window)
    with store.read() as connection:
        polled = hall.readings_between(connection, quantity="energy", start=began - OVERLAP, end=window.end, viewer=OPERATIONS)
    return _keep(inventory, store, Collected("halls", "energy-it"), counting.energy(inventory, polled), window.end, window.end)


def _from_prometheus(inventory: Inventory, store: Store, row: MeterRow, window: Window) -> Collected:
    source = f"prometheus:{row.url or 'halls'}"
    done = Collected(source, row.id)
    began = _begin(store, source, row.id, window) - OVERLAP
    try:
        readings, faults = read_meter(inventory, row, began, window.end)
    except CouldNotObserve as error:
        done.faults.append(error.message)
        return done
    done.faults += faults
    return _keep(inventory, store, done, readings, window.end, window.end)


def _begin(store: Store, source: str, meter: str, window: Window) -> datetime:
    if window.start is not None:
        return window.start
    with store.read() as connection:
        return collections.collected_until(connection, source, meter) or window.end - BACK


def _keep(inventory: Inventory, store: Store, done: Collected, readings: Iterable[Reading], until: datetime, at: datetime) -> Collected:
    """The readings, whose each resource is from today on, and how far it came: all or nothing."""
    held = tuple(readings)
    with store.write() as connection:
        found = raw.append(connection, held, at=at)
        for resource in sorted({reading.resource for reading in held}):
            ownership = owner_of(inventory, resource)
            if ownership is not None:
                usage.put_owner(connection, resource, local_day(at), ownership)
        collections.put_mark(connection, done.source, done.meter, until)
    done.accepted, done.duplicates, done.conflicts, done.set_aside = found.accepted, found.duplicates, found.conflicts, found.set_aside
    return done
