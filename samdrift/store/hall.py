"""Hall readings: record polls, give the newest of each quantity (halls.md H2-H4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, delete, func, insert, select

from samdrift.model.finding import Reason
from samdrift.model.hall import HallQuality, HallReading
from samdrift.model.viewer import Viewer
from samdrift.store.tables.hall import hall_reading


def record_readings(connection: Connection, readings: Iterable[HallReading]) -> int:
    """Write one poll; a quantity that already has a row at that instant keeps the first. Gives how many were new."""
    rows = [_row(reading) for reading in readings]
    if not rows:
        return 0
    return connection.execute(_ignoring_known(connection), rows).rowcount


def _ignoring_known(connection: Connection) -> Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(hall_reading).on_conflict_do_nothing()
    return insert(hall_reading).prefix_with("OR IGNORE", dialect="sqlite")


def newest_readings(
    connection: Connection, *, viewer: Viewer, elements: Iterable[str] | None = None
) -> list[HallReading]:
    """The newest row of each quantity, sorted by id; a member's viewer must name the `elements` that it may see."""
    if viewer.role == "member" and elements is None:
        return []
    newest = select(hall_reading.c.element, hall_reading.c.quantity, func.max(hall_reading.c.observed_at).label("at"))
    newest_of = newest.group_by(hall_reading.c.element, hall_reading.c.quantity).subquery()
    same = (
        (hall_reading.c.element == newest_of.c.element)
        & (hall_reading.c.quantity == newest_of.c.quantity)
        & (hall_reading.c.observed_at == newest_of.c.at)
    )
    query = select(hall_reading).join(newest_of, same)
    if elements is not None:
        query = query.where(hall_reading.c.element.in_(sorted(elements)))
    return sorted((_reading(row) for row in connection.execute(query)), key=lambda reading: reading.id)


def readings_between(connection: Connection, *, quantity: str, start: datetime, end: datetime, viewer: Viewer) -> list[HallReading]:
    """Every row of one quantity in [start, end], in time's order; not for a member, who sees its own usage alone."""
    if viewer.role == "member":
        return []
    query = select(hall_reading).where(hall_reading.c.quantity == quantity, hall_reading.c.observed_at >= start, hall_reading.c.observed_at <= end)
    return [_reading(row) for row in connection.execute(query.order_by(hall_reading.c.observed_at, hall_reading.c.element))]


def prune_readings(connection: Connection, *, before: datetime) -> int:
    """Remove readings older than an instant, but never the newest of a quantity."""
    newest = select(func.max(hall_reading.c.observed_at)).group_by(hall_reading.c.element, hall_reading.c.quantity)
    return connection.execute(
        delete(hall_reading).where(hall_reading.c.observed_at < before, hall_reading.c.observed_at.not_in(newest))
    ).rowcount


def _row(reading: HallReading) -> dict[str, Any]:
    return {
        "element": reading.element, "quantity": reading.quantity, "observed_at": reading.observed_at, "site": reading.site, "unit": reading.unit,
        "quality": reading.quality.value, "simulated": reading.simulated, "source": reading.source, "value": reading.value, "word": reading.word,
        "reason": reading.reason.value if reading.reason else None,
    }  # fmt: skip


def _reading(row: Any) -> HallReading:
    return HallReading(
        row.site, row.element, row.quantity, row.unit, HallQuality(row.quality), row.simulated, row.observed_at, row.source, row.value, row.word,
        Reason(row.reason) if row.reason else None,
    )  # fmt: skip
