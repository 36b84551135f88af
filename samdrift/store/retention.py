"""Retention in the store: holds, reviews, and what prune planned to forget and forgot."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from samdrift.model.retention import Forgotten, Hold, Review
from samdrift.model.snapshot import Snapshot, SnapshotState
from samdrift.model.viewer import Viewer
from samdrift.store.tables.backup import backup_snapshot
from samdrift.store.tables.retention import (
    backup_forgotten,
    backup_hold,
    backup_hold_member,
    backup_review,
    backup_review_member,
)
from samdrift.store.visibility import concerned, seen_by, write_members

ORIGIN = func.coalesce(backup_snapshot.c.original, backup_snapshot.c.id)
"""The id that a snapshot has at the source."""


def add_hold(connection: Connection, hold: Hold) -> None:
    """Write a new hold."""
    row = {name: value for name, value in asdict(hold).items() if name != "members"}
    connection.execute(insert(backup_hold).values(**row))
    write_members(connection, backup_hold_member, [{"id": hold.id, "member": member} for member in concerned(hold.member, hold.members)])


def end_hold(connection: Connection, hold: str, at: datetime) -> None:
    """End a hold; one that has ended stays as it is."""
    connection.execute(update(backup_hold).where(backup_hold.c.id == hold, backup_hold.c.removed_at.is_(None)).values(removed_at=at))


def holds(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None) -> tuple[Hold, ...]:
    """All holds, ended ones too, oldest first."""
    query = select(backup_hold).where(seen_by(viewer, backup_hold, backup_hold_member))
    if backups is not None:
        query = query.where(backup_hold.c.backup.in_(sorted(backups)))
    return tuple(Hold(**row) for row in connection.execute(query.order_by(backup_hold.c.since, backup_hold.c.id)).mappings())


def put_review(connection: Connection, review: Review) -> None:
    """Write what a person said of a snapshot; a later word replaces the earlier, which the audit chain keeps."""
    connection.execute(delete(backup_review_member).where(backup_review_member.c.origin == review.origin))
    connection.execute(delete(backup_review).where(backup_review.c.origin == review.origin))
    row = {name: value for name, value in asdict(review).items() if name != "members"}
    connection.execute(insert(backup_review).values(**row))
    write_members(connection, backup_review_member, [{"origin": review.origin, "member": member} for member in concerned(review.member, review.members)])


def reviews(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None) -> tuple[Review, ...]:
    """What persons said, newest first."""
    query = select(backup_review).where(seen_by(viewer, backup_review, backup_review_member))
    if backups is not None:
        query = query.where(backup_review.c.backup.in_(sorted(backups)))
    return tuple(Review(**row) for row in connection.execute(query.order_by(backup_review.c.at.desc(), backup_review.c.origin)).mappings())


def add_forgotten(connection: Connection, planned: Iterable[Forgotten]) -> None:
    """Write down what is about to be forgotten, before it is: a run that is killed leaves no snapshot unexplained (F21)."""
    for one in planned:
        connection.execute(delete(backup_forgotten).where(backup_forgotten.c.site == one.site, backup_forgotten.c.id == one.id))
        connection.execute(insert(backup_forgotten).values(**asdict(one)))


def close_forgotten(connection: Connection, site: str, there: Collection[str], at: datetime, *, backup: str) -> tuple[str, ...]:
    """Settle what was planned for a backup: what is gone is forgotten from now on, what is still there was not. Gives the ids that went."""
    keys = (backup_forgotten.c.site == site, backup_forgotten.c.backup == backup, backup_forgotten.c.forgotten_at.is_(None))
    planned = {row.id for row in connection.execute(select(backup_forgotten.c.id).where(*keys))}
    gone, left = sorted(planned - set(there)), sorted(planned & set(there))
    if gone:
        connection.execute(update(backup_forgotten).where(*keys, backup_forgotten.c.id.in_(gone)).values(forgotten_at=at))
        connection.execute(update(backup_snapshot).where(backup_snapshot.c.site == site, backup_snapshot.c.id.in_(gone)).values(vanished_at=at))
    if left:
        connection.execute(delete(backup_forgotten).where(*keys, backup_forgotten.c.id.in_(left)))
    return tuple(gone)


def forgotten(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None, site: str | None = None) -> tuple[Forgotten, ...]:
    """What prune forgot or was about to; a member's viewer reads none, for these are of repositories, not of one member."""
    if viewer.role == "member":
        return ()
    query = select(backup_forgotten)
    if backups is not None:
        query = query.where(backup_forgotten.c.backup.in_(sorted(backups)))
    if site is not None:
        query = query.where(backup_forgotten.c.site == site)
    return tuple(Forgotten(**row) for row in connection.execute(query.order_by(backup_forgotten.c.planned_at, backup_forgotten.c.id)).mappings())


def unexplained(connection: Connection, *, viewer: Viewer, backups: Collection[str]) -> tuple[Snapshot, ...]:
    """Snapshots that are gone though no forget of ours explains it and no person has (F17); a member's viewer reads none."""
    if viewer.role == "member":
        return ()
    ours = select(backup_forgotten.c.id).where(backup_forgotten.c.site == backup_snapshot.c.site, backup_forgotten.c.id == backup_snapshot.c.id)
    query = select(backup_snapshot).where(
        backup_snapshot.c.vanished_at.is_not(None), backup_snapshot.c.backup.in_(sorted(backups)), ~ours.exists(), ORIGIN.not_in(select(backup_review.c.origin))
    )
    rows = connection.execute(query.order_by(backup_snapshot.c.site, backup_snapshot.c.id)).mappings()
    return tuple(Snapshot(**{name: row[name] for name in row if name != "vanished_at"}) for row in rows)


def put_state(connection: Connection, origin: str, state: SnapshotState, *, run: str | None = None) -> int:
    """Give a snapshot another state at every site, and the dumps of its run; gives at how many sites it was known."""
    if run is not None:
        connection.execute(update(backup_snapshot).where(backup_snapshot.c.run == run, backup_snapshot.c.part != "").values(state=state))
    return connection.execute(update(backup_snapshot).where(ORIGIN.is_not_distinct_from(origin)).values(state=state)).rowcount


def arrivals(connection: Connection, site: str, *, viewer: Viewer, backups: Collection[str]) -> dict[str, datetime]:
    """Origin → when it came to a site, also of what is there no longer; a member's viewer reads none."""
    if viewer.role == "member":
        return {}
    query = select(ORIGIN.label("origin"), backup_snapshot.c.arrival_at).where(backup_snapshot.c.site == site, backup_snapshot.c.backup.in_(sorted(backups)))
    return {row.origin: row.arrival_at for row in connection.execute(query)}
