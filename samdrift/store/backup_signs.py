"""Signs of runs in the store: what anomalies are judged by, and what was found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from samdrift.model.anomaly import RunSigns, signs_of
from samdrift.model.viewer import Viewer
from samdrift.store.tables.anomaly import backup_sign, backup_sign_member
from samdrift.store.visibility import concerned, seen_by, write_members


def add_signs(connection: Connection, found: RunSigns) -> None:
    """Write a run's signs; its run must be there."""
    row = {name: value for name, value in asdict(found).items() if name != "members"}
    connection.execute(insert(backup_sign).values(**row))
    write_members(connection, backup_sign_member, [{"run": found.run, "member": member} for member in concerned(found.member, found.members)])


def signs(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None, suspect: bool | None = None, limit: int = 10_000) -> tuple[RunSigns, ...]:
    """Signs of runs, newest first; only suspect ones, or only others, when asked for."""
    query = select(backup_sign).where(seen_by(viewer, backup_sign, backup_sign_member))
    if backups is not None:
        query = query.where(backup_sign.c.backup.in_(sorted(backups)))
    if suspect is not None:
        query = query.where(backup_sign.c.suspect.is_(suspect))
    rows = connection.execute(query.order_by(backup_sign.c.at.desc(), backup_sign.c.run).limit(limit)).mappings()
    return tuple(RunSigns(**_values(dict(row))) for row in rows)


def last_signs(connection: Connection, *, viewer: Viewer, backups: Collection[str]) -> tuple[RunSigns, ...]:
    """The newest signs of each backup."""
    newest = select(backup_sign.c.backup, func.max(backup_sign.c.at).label("at")).where(backup_sign.c.backup.in_(sorted(backups))).group_by(backup_sign.c.backup).subquery()
    same = and_(backup_sign.c.backup == newest.c.backup, backup_sign.c.at == newest.c.at)
    rows = connection.execute(select(backup_sign).join(newest, same).where(seen_by(viewer, backup_sign, backup_sign_member))).mappings()
    return tuple(RunSigns(**_values(dict(row))) for row in rows)


def _values(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "signs": signs_of(row["signs"]), "signals": tuple(row["signals"])}
