"""Alerts in the store: taken in idempotently by (fingerprint, start); every read takes a viewer (reliability.md D7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from samdrift.model.alert import Alert, ToldAlert
from samdrift.model.chain import canonical
from samdrift.model.period import microseconds
from samdrift.model.short_id import short_id
from samdrift.model.viewer import Viewer
from samdrift.store.tables.alert import alert, alert_member
from samdrift.store.visibility import concerned, seen_by, write_members


def take(connection: Connection, told: ToldAlert, *, at: datetime) -> bool:
    """Take in one alert of a post; True when it is a new occurrence.

    A firing alert is the same occurrence as an open row of its fingerprint, whatever its start; "resolved" closes only what
    began no later than it (monitoring.md M23). An occurrence that is closed already is never opened again by a late post.
    """
    same = alert.c.fingerprint == told.fingerprint
    exact = connection.execute(select(alert).where(same, alert.c.starts_at == told.starts_at)).one_or_none()
    open_row = connection.execute(select(alert).where(same, alert.c.ends_at.is_(None)).order_by(alert.c.starts_at.desc()).limit(1)).one_or_none()
    row = exact if exact is not None else open_row
    if row is None or (exact is None and told.ends_at is not None and row.starts_at > told.starts_at):
        _add(connection, told, at)
        return True
    values: dict[str, Any] = {"last_told_at": at, "posts": row.posts + 1}
    if row.ends_at is None:
        values |= {"labels": dict(told.labels), "annotations": dict(told.annotations), "ends_at": told.ends_at}
    connection.execute(update(alert).where(alert.c.id == row.id).values(**values))
    return False


def _add(connection: Connection, told: ToldAlert, at: datetime) -> None:
    seed, length = canonical([told.fingerprint, microseconds(told.starts_at)]), 4
    while connection.execute(select(alert.c.id).where(alert.c.id == (found := short_id("alert", seed, length)))).first():
        length += 1
    connection.execute(
        insert(alert).values(
            id=found, fingerprint=told.fingerprint, starts_at=told.starts_at, ends_at=told.ends_at, labels=dict(told.labels),
            annotations=dict(told.annotations), first_told_at=at, last_told_at=at, posts=1,
        )
    )  # fmt: skip
    write_members(connection, alert_member, ({"id": found, "member": member} for member in concerned(told.labels.get("member"))))


def list_alerts(connection: Connection, *, viewer: Viewer, open_only: bool = False, limit: int = 1000) -> list[Alert]:
    """Alerts, open ones first, then the newest."""
    query = select(alert).where(seen_by(viewer, alert, alert_member))
    if open_only:
        query = query.where(alert.c.ends_at.is_(None))
    query = query.order_by(alert.c.ends_at.is_not(None), alert.c.starts_at.desc(), alert.c.id).limit(limit)
    return [_alert(row) for row in connection.execute(query)]


def find_alert(connection: Connection, alert_id: str, *, viewer: Viewer) -> Alert | None:
    """One alert, or None when there is none that the viewer may see."""
    row = connection.execute(select(alert).where(alert.c.id == alert_id, seen_by(viewer, alert, alert_member))).one_or_none()
    return None if row is None else _alert(row)


def _alert(row: Any) -> Alert:
    return Alert(row.id, row.fingerprint, row.starts_at, row.ends_at, dict(row.labels), dict(row.annotations), row.first_told_at, row.last_told_at, row.posts)
