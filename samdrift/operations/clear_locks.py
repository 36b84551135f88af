"""Clear locks by their lease: the same id for more than 10 minutes and no run of ours alive; one by one, by name, logged (backup.md B17)."""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from samdrift.adapters import rest_repository, restic
from samdrift.adapters.clock import now
from samdrift.adapters.process import find_program
from samdrift.backup.documents import Item
from samdrift.backup.locks import Lock, lock_item
from samdrift.backup.repository import RepositoryPlace, members_of
from samdrift.model.errors import LockHeld, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, here, objects, open_place
from samdrift.operations.backup_ledger import job_of
from samdrift.operations.check_backups import repositories
from samdrift.operations.run_backup import host_names
from samdrift.operations.storage_trust import inside, storage_folder
from samdrift.store import audit, runs
from samdrift.store import backups as stored
from samdrift.store.store import Store

JOBS = ("run-backups", "copy-backups", "drill-backups", "prune-backups")


def clear_locks(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, who: str, clear: bool, device: str | None = None
) -> list[Item]:  # fmt: skip
    """`samdrift/backup-lock` items of every repository that can be reached from here; with `clear` the stale ones are removed."""
    find_program("restic")
    hosts = frozenset({device}) if device else host_names()
    items = []
    for backup, where in repositories(inventory, store, ids, viewer, None):
        folder = storage_folder(where.target, store.state_dir, hosts)
        if folder is None and not here(where.target, hosts):
            continue
        around = Surroundings(store.state_dir, Path(inventory.root))
        try:
            with open_place(where, around, at=str(folder / where.path) if folder else None, read_only=True) as access:
                locks = standing_locks(inventory, store, where, access)
                items += [lock_item(one, removed=clear and one.stale and _remove(store, backup, where, access, one, who, inventory)) for one in locks]
        except (OSError, http.client.HTTPException, WrongUse) as error:
            items.append(lock_item(Lock(where.path, where.target.site, "", now(), now(), alive=False), error=str(error)))
    return items


def clear_stale(inventory: Inventory, store: Store, where: RepositoryPlace, access: restic.Access, who: str) -> None:
    """Before work that needs the repository alone: remove each stale lock by its name; LockHeld (75) while another one is there."""
    left = []
    for lock in standing_locks(inventory, store, where, replace(access, read_only=True)):
        if not (lock.stale and _remove(store, inside(inventory, where)[0], where, access, lock, who, inventory)):
            left.append(lock)
    if left:
        about = f"{left[0].id[:12]} of {left[0].holder or 'an unknown holder'}, first seen {left[0].age_seconds} s ago"
        raise LockHeld(f"{where.path} at {where.target.id} is locked: {about}", help="a lock is stale after 10 min under the same id with no run alive: samdrift backup locks")


def standing_locks(inventory: Inventory, store: Store, where: RepositoryPlace, access: restic.Access) -> list[Lock]:
    """The locks of one repository as they stand now, each noted with when its id was first seen."""
    at, site = now(), where.target.site
    there = objects(access).get("locks", {})
    with store.write() as connection:
        seen = stored.put_locks(connection, site, where.path, there, at)
    alive = _alive(inventory, store, where)
    return [Lock(where.path, site, name, first, at, alive=alive, holder=_holder(access, name)) for name, first in sorted(seen.items())]


def _alive(inventory: Inventory, store: Store, where: RepositoryPlace) -> bool:
    """Whether a run of ours that works in the repository has an open row whose process, on this machine, lives; elsewhere an open row counts as alive."""
    subjects = {one.id for one in inside(inventory, where)}
    with store.read() as connection:
        rows = [run for run in runs.list_runs(connection, viewer=OPERATIONS, limit=1000) if run.ended_at is None and run.job.partition(":")[0] in JOBS]
    names = host_names()
    mine = [run for run in rows if run.job in {job_of(run.job.partition(":")[0], one) for one in subjects} or run.subject.partition("@")[0] in subjects]
    return any(run.host not in names or Path("/proc", str(run.pid)).exists() for run in mine)


def _holder(access: restic.Access, name: str) -> str:
    """`host pid` as the lock itself says; empty when it cannot be read."""
    ended = restic.call(access, ["cat", "lock", name], limit_seconds=restic.QUICK_S)
    try:
        found = json.loads(ended.stdout) if ended.code == 0 else {}
    except ValueError:
        found = {}
    return f"{found.get('hostname', '')} {found.get('pid', '')}".strip() if isinstance(found, dict) else ""


def _remove(store: Store, backup: Backup, where: RepositoryPlace, access: restic.Access, lock: Lock, who: str, inventory: Inventory) -> bool:
    after = {"site": where.target.site, "lock": lock.id, "holder": lock.holder, "age_seconds": lock.age_seconds}
    with store.write() as connection:
        audit.append(connection, at=now(), actor=who, verb="clear-lock", object=f"repository:{where.path}", members=members_of(inventory, backup), after=after)
    return rest_repository.remove_lock(access.location, access.ca, lock.id)
