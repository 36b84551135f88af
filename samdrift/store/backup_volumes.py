"""Volumes in the store: one row a repository, site and day, and one a target and day; measured again, the later counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from samdrift.model.viewer import Viewer
from samdrift.model.volume import RepositoryDay, TargetDay
from samdrift.store.tables.volume import repository_volume, target_volume


def put_days(connection: Connection, repositories: Iterable[RepositoryDay], targets: Iterable[TargetDay]) -> None:
    """Write what was measured on a day."""
    for one in repositories:
        same = (repository_volume.c.site == one.site, repository_volume.c.repository == one.repository, repository_volume.c.day == one.day)
        connection.execute(delete(repository_volume).where(*same))
        connection.execute(insert(repository_volume).values(**asdict(one)))
    for each in targets:
        connection.execute(delete(target_volume).where(target_volume.c.target == each.target, target_volume.c.day == each.day))
        connection.execute(insert(target_volume).values(**asdict(each)))


def repository_days(connection: Connection, *, viewer: Viewer, since: date, owners: Collection[str] | None = None) -> tuple[RepositoryDay, ...]:
    """Days from `since` on, oldest first; a member's viewer reads its own repositories alone."""
    query = select(repository_volume).where(repository_volume.c.day >= since)
    if viewer.role == "member":
        query = query.where(repository_volume.c.owner.in_(sorted(viewer.members)))
    if owners is not None:
        query = query.where(repository_volume.c.owner.in_(sorted(owners)))
    rows = connection.execute(query.order_by(repository_volume.c.day, repository_volume.c.site, repository_volume.c.repository)).mappings()
    return tuple(RepositoryDay(**row) for row in rows)


def target_days(connection: Connection, *, viewer: Viewer, since: date) -> tuple[TargetDay, ...]:
    """Days from `since` on, oldest first; a target is everybody's, so a member's viewer reads none."""
    if viewer.role == "member":
        return ()
    rows = connection.execute(select(target_volume).where(target_volume.c.day >= since).order_by(target_volume.c.target, target_volume.c.day)).mappings()
    return tuple(TargetDay(**row) for row in rows)
