"""Match snapshots: what a repository lists against what the store knows of it: gone, back again, of nobody (backup.md B9, F8, F17, F23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from samdrift.adapters import repository_files
from samdrift.backup.repository import RepositoryPlace, member_label, members_of
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome, Run
from samdrift.model.snapshot import Snapshot, StoredSnapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.storage_trust import inside
from samdrift.store import backups as stored
from samdrift.store import retention, runs
from samdrift.store.store import Store

CLOCK = timedelta(minutes=10)
"""A claimed time further ahead than this is no clock's doing."""


def match_gone(inventory: Inventory, store: Store, where: RepositoryPlace, there: set[str], at: datetime) -> tuple[str, ...]:
    """Ids that the store knows at this site and the repository lacks, though nothing of ours removed them and no person has explained it; told at every look (F17)."""
    site, ids = where.target.site, [one.id for one in inside(inventory, where)]
    with store.write() as connection:
        known = stored.snapshots(connection, viewer=OPERATIONS, backups=ids, site=site, parts=True)
        stored.vanish(connection, site, sorted(one.id for one in known if one.id not in there), at)
        stored.appear(connection, site, sorted(there))
        return tuple(one.id for one in retention.unexplained(connection, viewer=OPERATIONS, backups=ids) if one.site == site)


def match_strangers(
    inventory: Inventory, store: Store, where: RepositoryPlace, first: Backup, there: Sequence[StoredSnapshot], at: datetime, root: Path | None
) -> dict[StoredSnapshot, datetime]:  # fmt: skip
    """With their arrival: snapshots of no run that the store knows, once more each time: noted, never a recovery point (B9, F8, F23). `first` is whose they are when they do not say."""
    site, found = where.target.site, {}
    with store.write() as connection:
        rows = stored.snapshots(connection, viewer=OPERATIONS, site=site, parts=True)
        known = {one.id for one in rows if one.state != "unregistered"}
        arrived = {one.id: one.arrival_at for one in rows}
        told = {(one.run, one.part) for one in rows if one.id in known}
        for one in there:
            run = runs.find_run(connection, one.tag("run") or "", viewer=OPERATIONS)
            if one.id in known or (run is not None and run.ended_at is None):
                continue  # registered, or of a run that goes on
            ours = run is not None and (run.id, one.tag("part") or "") not in told and _left_by(run, one)
            backup = next((item for item in inside(inventory, where) if item.id == one.tag("backup")), first)
            stranger = _stranger(inventory, where, backup, one, at, root, killed=ours)
            stored.put_snapshot(connection, stranger)
            if not ours:
                found[one] = arrived.get(one.id, stranger.arrival_at)
    return found


def _stranger(inventory: Inventory, where: RepositoryPlace, backup: Backup, one: StoredSnapshot, at: datetime, root: Path | None, *, killed: bool) -> Snapshot:
    """As the store keeps it: of a run of ours that was killed before it looked back it is partial, else unregistered. It arrived when its file did."""
    label, members = member_label(inventory, backup), members_of(inventory, backup)
    arrived = (repository_files.arrival(root, one.id) if root else None) or at
    return Snapshot(
        one.id, one.original, backup.id, where.target.site, label, "partial" if killed else "unregistered", one.claimed_at, arrived, min(one.claimed_at, arrived),
        one.tag("run") if killed else None, members=members, part=one.tag("part") or "",
    )  # fmt: skip


def _left_by(run: Run, one: StoredSnapshot) -> bool:
    """Whether a run of ours that was killed or failed may have left this snapshot: its backup's, and made while it went on. A tag alone can be written by anyone."""
    if run.ended_at is None or run.outcome not in {Outcome.INTERRUPTED, Outcome.FAILED}:
        return False
    return run.subject == one.tag("backup") and run.started_at - CLOCK <= one.claimed_at <= run.ended_at + CLOCK
