"""Backups in the store: runs, snapshots, looks and slices; every read takes a viewer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, delete, func, insert, or_, select, true, update

from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.database import DumpFacts
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot
from samdrift.model.viewer import Viewer
from samdrift.store.tables.backup import (
    backup_key,
    backup_lock,
    backup_look,
    backup_look_member,
    backup_run,
    backup_run_member,
    backup_slice,
    backup_snapshot,
    backup_snapshot_member,
)
from samdrift.store.visibility import concerned, seen_by, write_members

MORE: tuple[str, ...] = ("files_new", "files_changed", "files_removed", "unreadable", "not_comparable", "leftover", "keys_unknown")


def add_run(connection: Connection, run: BackupRun) -> None:
    """Write a judged run; its ledger row must be there."""
    row = {name: getattr(run, name) for name in backup_run.c.keys() if name not in {"more", "reasons", "action", "outcome"}}  # noqa: SIM118 - columns, no dict
    more = {name: getattr(run, name) for name in MORE} | {"damaged": [asdict(one) for one in run.damaged], "dumps": [one.to_json() for one in run.dumps], "details": dict(run.details)}
    connection.execute(insert(backup_run).values(**row, action=run.action, outcome=run.outcome.value, reasons=[str(one) for one in run.reasons], more=more))
    write_members(connection, backup_run_member, [{"id": run.id, "member": member} for member in concerned(run.member, run.members)])


def runs(
    connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None, actions: Collection[str] = ("run",), limit: int = 10_000
) -> tuple[BackupRun, ...]:
    """Runs of these backups (all when None) and actions, newest first."""
    query = select(backup_run).where(seen_by(viewer, backup_run, backup_run_member), backup_run.c.action.in_(sorted(actions)))
    if backups is not None:
        query = query.where(backup_run.c.backup.in_(sorted(backups)))
    rows = connection.execute(query.order_by(backup_run.c.started_at.desc(), backup_run.c.id).limit(limit)).mappings()
    return tuple(_run(row) for row in rows)


def last_runs(connection: Connection, *, viewer: Viewer, backups: Collection[str], action: str, until: datetime | None = None) -> tuple[BackupRun, ...]:
    """The newest run of an action for each backup and site, of those begun `until` then."""
    early = (true() if until is None else backup_run.c.started_at <= until,)
    newest = (
        select(backup_run.c.backup, backup_run.c.site, func.max(backup_run.c.started_at).label("at"))
        .where(backup_run.c.backup.in_(sorted(backups)), backup_run.c.action == action, *early)
        .group_by(backup_run.c.backup, backup_run.c.site)
        .subquery()
    )
    same = (backup_run.c.backup == newest.c.backup, backup_run.c.site == newest.c.site, backup_run.c.started_at == newest.c.at, backup_run.c.action == action)
    query = select(backup_run).join(newest, and_(*same)).where(seen_by(viewer, backup_run, backup_run_member)).order_by(backup_run.c.backup, backup_run.c.site)
    return tuple(_run(row) for row in connection.execute(query).mappings())


def count_runs(connection: Connection, *, viewer: Viewer) -> dict[tuple[str, str, str, str], int]:
    """(member, backup, action, outcome) → how many there ever were."""
    kinds = (backup_run.c.member, backup_run.c.backup, backup_run.c.action, backup_run.c.outcome)
    query = select(*kinds, func.count().label("number")).where(seen_by(viewer, backup_run, backup_run_member)).group_by(*kinds)
    return {(row.member, row.backup, row.action, row.outcome): row.number for row in connection.execute(query)}


def snapshots_of(connection: Connection, ids: Collection[str], *, viewer: Viewer) -> dict[str, str | None]:
    """Run → the snapshot that it gave."""
    query = select(backup_run.c.id, backup_run.c.snapshot).where(backup_run.c.id.in_(sorted(ids)), seen_by(viewer, backup_run, backup_run_member))
    return {row.id: row.snapshot for row in connection.execute(query)}


def _run(row: RowMapping) -> BackupRun:
    values: dict[str, Any] = {name: row[name] for name in row if name != "more"}
    more = dict(row["more"])
    more["damaged"] = tuple(Damage(**one) for one in more.pop("damaged", ()))
    more["dumps"] = tuple(DumpFacts.from_json(one) for one in more.pop("dumps", ()))
    values["reasons"] = tuple(BackupReason(one) for one in values["reasons"])
    values["outcome"] = Outcome(values["outcome"])
    return BackupRun(**values, **more)


def put_snapshot(connection: Connection, found: Snapshot) -> None:
    """Write a snapshot or its new state; the arrival and the claimed time of one already known stay as they were first seen (B9)."""
    keys = (backup_snapshot.c.site == found.site, backup_snapshot.c.id == found.id)
    known = connection.execute(select(backup_snapshot.c.id).where(*keys)).first()
    if known:
        changed = {"state": found.state, "run": found.run, "files": found.files, "size_bytes": found.size_bytes, "vanished_at": None}
        connection.execute(update(backup_snapshot).where(*keys).values(**changed, recovery_point_at=found.recovery_point_at))
        return
    arrival = _arrival_of(connection, found.site, found.origin)
    values = _columns(backup_snapshot, found) | ({"arrival_at": min(arrival, found.arrival_at)} if arrival else {})
    connection.execute(insert(backup_snapshot).values(**values, vanished_at=None))
    rows: list[dict[str, object]] = [{"site": found.site, "id": found.id, "member": member} for member in concerned(found.member, found.members)]
    write_members(connection, backup_snapshot_member, rows)


def _columns(table: Table, found: Snapshot | RepositoryLook) -> dict[str, Any]:
    return {column.name: getattr(found, column.name) for column in table.columns if hasattr(found, column.name)}


SNAPSHOT_COLUMNS = tuple(
    backup_snapshot.c[name]
    for name in ("id", "original", "backup", "site", "member", "state", "claimed_at", "arrival_at", "recovery_point_at", "run", "files", "size_bytes", "part")
)
"""In the order of Snapshot's fields, `members` left out: a hundred thousand rows are read at a time."""


def snapshots(
    connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None, site: str | None = None, parts: bool = False, gone: bool = False
) -> tuple[Snapshot, ...]:  # fmt: skip
    """Snapshots that are there, newest claimed first; with `parts` those of dumps too, which never stand alone; with `gone` what is there no longer too."""
    query = select(*SNAPSHOT_COLUMNS).where(seen_by(viewer, backup_snapshot, backup_snapshot_member))
    if not gone:
        query = query.where(backup_snapshot.c.vanished_at.is_(None))
    if backups is not None:
        query = query.where(backup_snapshot.c.backup.in_(sorted(backups)))
    if site is not None:
        query = query.where(backup_snapshot.c.site == site)
    if not parts:
        query = query.where(backup_snapshot.c.part == "")
    rows = connection.execute(query.order_by(backup_snapshot.c.claimed_at.desc(), backup_snapshot.c.id))
    return tuple(replace(Snapshot(*row[:12]), part=row[12]) if row[12] else Snapshot(*row[:12]) for row in rows)


def vanish(connection: Connection, site: str, ids: Sequence[str], at: datetime) -> None:
    """Mark snapshots that are no longer at the site (F17)."""
    keys = (backup_snapshot.c.site == site, backup_snapshot.c.id.in_(sorted(ids)))
    connection.execute(update(backup_snapshot).where(*keys).values(vanished_at=at))


def appear(connection: Connection, site: str, ids: Sequence[str]) -> None:
    """Of snapshots that were gone and are there again: they count as what they counted before."""
    keys = (backup_snapshot.c.site == site, backup_snapshot.c.vanished_at.is_not(None))
    gone = set(connection.execute(select(backup_snapshot.c.id).where(*keys)).scalars()) & set(ids)
    if gone:
        connection.execute(update(backup_snapshot).where(*keys, backup_snapshot.c.id.in_(sorted(gone))).values(vanished_at=None))


def put_look(connection: Connection, look: RepositoryLook) -> None:
    """Replace the last look at a backup's repository at a site; what this look did not measure stays from the one before."""
    keys = (backup_look.c.backup == look.backup, backup_look.c.site == look.site)
    before = connection.execute(select(backup_look).where(*keys)).mappings().first()
    row = _columns(backup_look, look)
    if before:
        for name in ("stored_bytes", "check_coverage_permille", "checked_at"):
            row[name] = before[name] if row[name] is None else row[name]
        row["repository_id"] = row["repository_id"] or before["repository_id"]
    connection.execute(delete(backup_look_member).where(backup_look_member.c.backup == look.backup, backup_look_member.c.site == look.site))
    connection.execute(delete(backup_look).where(*keys))
    connection.execute(insert(backup_look).values(**row))
    rows: list[dict[str, object]] = [{"backup": look.backup, "site": look.site, "member": member} for member in concerned(look.member, look.members)]
    write_members(connection, backup_look_member, rows)


def looks(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None) -> tuple[RepositoryLook, ...]:
    """The last look at each repository and site."""
    query = select(backup_look).where(seen_by(viewer, backup_look, backup_look_member))
    if backups is not None:
        query = query.where(backup_look.c.backup.in_(sorted(backups)))
    rows = connection.execute(query.order_by(backup_look.c.backup, backup_look.c.site)).mappings()
    return tuple(RepositoryLook(**{**row, "reason": BackupReason(row["reason"]) if row["reason"] else None}) for row in rows)


def _arrival_of(connection: Connection, site: str, origin: str) -> datetime | None:
    """When data of an origin (the id at its source) first came to a site; copying back under a new id does not make it younger (B9). An instant, nobody's row."""
    same = or_(backup_snapshot.c.id == origin, backup_snapshot.c.original == origin)
    found: datetime | None = connection.execute(select(backup_snapshot.c.arrival_at).where(backup_snapshot.c.site == site, same).order_by(backup_snapshot.c.arrival_at).limit(1)).scalar()
    return found


def put_keys(connection: Connection, site: str, repository: str, keys: Collection[str], at: datetime, *, known: bool) -> None:
    """Note the ids of a repository's keys as ours (`known`) or nobody's; what was noted before keeps its first sight."""
    here = (backup_key.c.site == site, backup_key.c.repository == repository)
    there = set(connection.execute(select(backup_key.c.key).where(*here)).scalars())
    for key in sorted(set(keys) - there):
        connection.execute(insert(backup_key).values(site=site, repository=repository, key=key, known=known, first_seen_at=at))
    if known and keys:
        connection.execute(update(backup_key).where(*here, backup_key.c.key.in_(sorted(keys))).values(known=True))


def known_keys(connection: Connection, site: str, repository: str, *, viewer: Viewer) -> frozenset[str]:
    """The ids of the keys that are ours; operations alone see repositories as such."""
    if viewer.role == "member":
        return frozenset()
    keys = (backup_key.c.site == site, backup_key.c.repository == repository, backup_key.c.known)
    return frozenset(connection.execute(select(backup_key.c.key).where(*keys)).scalars())


def put_locks(connection: Connection, site: str, repository: str, locks: Collection[str], at: datetime) -> Mapping[str, datetime]:
    """Note the locks that are there now and forget the others; lock → when this id was first seen (B17)."""
    here = (backup_lock.c.site == site, backup_lock.c.repository == repository)
    seen = {row.lock: row.first_seen_at for row in connection.execute(select(backup_lock.c.lock, backup_lock.c.first_seen_at).where(*here))}
    gone = sorted(set(seen) - set(locks))
    if gone:
        connection.execute(delete(backup_lock).where(*here, backup_lock.c.lock.in_(gone)))
    for lock in sorted(set(locks) - set(seen)):
        connection.execute(insert(backup_lock).values(site=site, repository=repository, lock=lock, first_seen_at=at))
    return {lock: seen.get(lock, at) for lock in locks}


def note_slice(connection: Connection, site: str, repository: str, slices: int, number: int, at: datetime) -> None:
    """Note that slice `number` of `slices` was read whole."""
    keys = (backup_slice.c.site == site, backup_slice.c.repository == repository, backup_slice.c.slices == slices, backup_slice.c.slice == number)
    connection.execute(delete(backup_slice).where(*keys))
    connection.execute(insert(backup_slice).values(site=site, repository=repository, slices=slices, slice=number, read_at=at))


def slices_read(connection: Connection, site: str, repository: str, slices: int, *, viewer: Viewer) -> Mapping[int, datetime]:
    """Slice → when it was last read; operations alone see repositories as such."""
    if viewer.role == "member":
        return {}
    keys = (backup_slice.c.site == site, backup_slice.c.repository == repository, backup_slice.c.slices == slices)
    rows = connection.execute(select(backup_slice.c.slice, backup_slice.c.read_at).where(*keys))
    return {row.slice: row.read_at for row in rows}
