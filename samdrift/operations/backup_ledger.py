"""Backup ledger: a run's row and lock, one a backup, and what the store knows of a repository's identity (backup.md B7, F17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from samdrift.adapters import restic
from samdrift.adapters.clock import now
from samdrift.backup.repository import RepositoryPlace, place
from samdrift.model.inventory import Inventory
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import objects
from samdrift.store import backups as stored
from samdrift.store.recorded import OpenRun, recorded_run
from samdrift.store.store import Store


def job_of(action: str, backup: str) -> str:
    """The job's name in the ledger: one lock for each backup, so that a hanging repository delays no other."""
    return f"{action}:{backup}"


@contextmanager
def ledger_run(store: Store, action: str, backup: str, members: Sequence[str]) -> Iterator[OpenRun]:
    """A ledger row under the backup's own lock; LockHeld (75) while another goes on."""
    with recorded_run(store, job=job_of(action, backup), subject=backup, members=members) as opened:
        yield opened


def note_own_keys(store: Store, where: RepositoryPlace, access: restic.Access) -> None:
    """The keys of a repository that we just made are ours; any other that appears is nobody's (F20)."""
    with store.write() as connection:
        stored.put_keys(connection, where.target.site, where.path, objects(access).get("keys", {}), now(), known=True)


def known_identity(inventory: Inventory, store: Store, where: RepositoryPlace) -> str:
    """The restic id of the repository as it was last seen, by any backup that lies in it; empty when it never was."""
    with store.read() as connection:
        looks = stored.looks(connection, viewer=OPERATIONS)
    for look in looks:
        backup = inventory.backups.get(look.backup)
        if backup is not None and look.site == where.target.site and look.repository_id and place(inventory, backup, where.target).path == where.path:
            return look.repository_id
    return ""
