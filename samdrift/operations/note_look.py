"""Note a look: what every backup in a repository knows of it from now on (backup.md B9, B14)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.adapters.clock import now
from samdrift.backup.repository import RepositoryPlace, member_label, members_of
from samdrift.model.backup_run import BackupReason
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.snapshot import RepositoryLook
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.storage_trust import inside
from samdrift.store import backups as stored
from samdrift.store.store import Store


@dataclass(frozen=True, slots=True)
class Noted:
    """What a look gave: whether the repository was reached, why not or what is wrong, its identity, bytes on disk, permille of bytes read within the period, whether it was checked whole, and whether without a key."""

    up: bool
    reason: BackupReason | None = None
    identity: str = ""
    stored_bytes: int | None = None
    coverage: int | None = None
    checked: bool = False
    keyless: bool = False


def note_look(inventory: Inventory, store: Store, where: RepositoryPlace, first: Backup, noted: Noted) -> None:
    """For every backup that lies in the repository and has been there before, and the one that was asked for (`first`); without a key nothing is said of a key that did not open."""
    at, site = now(), where.target.site
    with store.write() as connection:
        before = {one.backup: one for one in stored.looks(connection, viewer=OPERATIONS) if one.site == site}
        for backup in inside(inventory, where):
            old = before.get(backup.id)
            if old is None and backup.id != first.id:
                continue
            stands = noted.keyless and old is not None and old.reason is BackupReason.WRONG_KEY
            look = RepositoryLook(
                backup.id, site, member_label(inventory, backup), at, noted.up and not stands, BackupReason.WRONG_KEY if stands else noted.reason, noted.identity,
                old.snapshots if old else 0, old.missing if old else 0, noted.stored_bytes, noted.coverage, at if noted.checked else None, members_of(inventory, backup),
            )  # fmt: skip
            stored.put_look(connection, look)
