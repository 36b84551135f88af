"""Storage trust: what only the machine may do that a repository lies on (backup.md B3)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from samdrift.adapters.clock import now
from samdrift.backup.repository import RepositoryPlace, copies, place, targets_of
from samdrift.model.errors import LockHeld
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import here, target_folder
from samdrift.operations.backup_ledger import job_of
from samdrift.store import runs
from samdrift.store.lock import job_lock_of
from samdrift.store.store import Store

LOCK_FRESH = timedelta(minutes=10)
"""restic renews its lock every 5 minutes; one that is older is nobody's (B17)."""
FORGOTTEN = timedelta(minutes=30)


def storage_folder(target: BackupTarget, state: Path, hosts: frozenset[str]) -> Path | None:
    """The folder of all repositories of a target where it is this machine's own; None elsewhere. A rest target names it as `path`."""
    if target.kind == "rest":
        return Path(target.path) if target.path and target.device in hosts else None
    return target_folder(target, state) if here(target, hosts) else None


def inside(inventory: Inventory, where: RepositoryPlace) -> tuple[Backup, ...]:
    """The backups that lie in a repository, sorted by id."""
    found = (one for _, one in sorted(inventory.backups.items()))
    return tuple(one for one in found if where.target in targets_of(inventory, one) and place(inventory, one, where.target).path == where.path)


@contextmanager
def nobody_at_work(inventory: Inventory, store: Store, where: RepositoryPlace, root: Path) -> Iterator[None]:
    """Hold off runs, pulls, checks and drills of all backups in the repository; LockHeld (75) when one goes on (F22)."""
    with ExitStack() as held:
        for backup in inside(inventory, where):
            pulls = [f"{backup.id}@{target.id}" for target in copies(inventory)]
            names = [job_of("run-backups", backup.id), job_of("drill-backups", backup.id), *(job_of("copy-backups", one) for one in pulls)]
            for name in names:
                held.enter_context(job_lock_of(store, name, at=now()))
            _none_handed_out(store, backup)
        held.enter_context(job_lock_of(store, job_of("check-backups", f"{where.path}@{where.target.id}"), at=now()))
        _no_lock(root, where)
        yield


def _none_handed_out(store: Store, backup: Backup) -> None:
    """A run that a host carries out for us has an open row and no lock of this machine."""
    since = now() - timedelta(seconds=backup.max_duration) - FORGOTTEN
    with store.read() as connection:
        going = [run for run in runs.list_runs(connection, viewer=OPERATIONS, job=job_of("run-backups", backup.id)) if run.ended_at is None and run.started_at > since]
    if going:
        raise LockHeld(f"run {going[0].id} of backup {backup.id} goes on at its host", help="wait for it, or see samdrift backup status")


def _no_lock(root: Path, where: RepositoryPlace) -> None:
    fresh = [path.name for path in (root / "locks").glob("*") if now() - datetime.fromtimestamp(path.stat().st_mtime, tz=now().tzinfo) < LOCK_FRESH]
    if fresh:
        raise LockHeld(f"{where.path} at {where.target.id} is locked by somebody at work: {fresh[0][:12]}", help="wait for it, or see samdrift backup locks")


def clock_apart_s(folder: Path) -> int | None:
    """Whole seconds between the storage's clock (the time of a file just written there) and ours; None when it could not be read."""
    probe = folder / f".clock-{os.getpid()}"
    try:
        probe.touch()
        return abs(round(probe.stat().st_mtime - now().timestamp()))
    except OSError:
        return None
    finally:
        probe.unlink(missing_ok=True)


def repositories(inventory: Inventory, chosen: Sequence[Backup], state: Path, hosts: frozenset[str], site: str | None) -> list[tuple[RepositoryPlace, Path]]:
    """Each repository of the chosen backups that lies on this machine, once, with its folder; `site` is a site's or target's id."""
    found: dict[tuple[str, str], tuple[RepositoryPlace, Path]] = {}
    for backup in chosen:
        for target in targets_of(inventory, backup):
            folder = storage_folder(target, state, hosts) if site in {None, target.site, target.id} else None
            where = place(inventory, backup, target)
            if folder is not None:
                found.setdefault((target.id, where.path), (where, folder / where.owner / where.name))
    return list(found.values())
