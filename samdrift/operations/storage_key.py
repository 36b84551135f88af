"""The storage host's own key: pruning and healing open a repository with a key that no member's host holds (backup.md B3)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samdrift.adapters import restic, restic_storage
from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder, read_file, write_whole
from samdrift.adapters.secrets import read_secret, secrets_folder
from samdrift.backup.repository import RepositoryPlace, members_of
from samdrift.model.backup_run import BackupReason
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import Surroundings, in_state, key_file, open_place
from samdrift.operations.storage_trust import inside
from samdrift.store import audit
from samdrift.store import backups as stored
from samdrift.store.store import Store

SUFFIX = "-storage"
"""After the reference of the repository's key: the storage host's own."""


@contextmanager
def open_storage(inventory: Inventory, store: Store, where: RepositoryPlace, root: Path, who: str) -> Iterator[restic.Access]:
    """A door to a repository on this machine, with the storage host's own key. The first time the key is made, and added with the repository's own.

    What else keeps it from opening (damage, no config) is told by what is done through the door.
    """
    around = Surroundings(store.state_dir, Path(inventory.root))
    with open_place(where, around, at=str(root), key=_own_key(where, around)) as access:
        if _unknown(access):
            _add(inventory, store, where, root, access.password, who)
        yield access


def _own_key(where: RepositoryPlace, around: Surroundings) -> str:
    """The key, made where it is lacking; WrongUse for a reference that cannot be read and where nothing can be put."""
    path = None
    if in_state(where.target):
        path = key_file(where, around).with_name(key_file(where, around).name + SUFFIX)
    elif where.key.startswith("file:"):
        path = secrets_folder() / (where.key.removeprefix("file:") + SUFFIX)
    if path is None:
        return read_secret(where.key + SUFFIX).text()
    if not path.exists():
        make_folder(path.parent)
        write_whole(path, secrets.token_urlsafe(32).encode() + b"\n", mode=0o600)
    return read_file(path).decode().strip() if in_state(where.target) else read_secret(where.key + SUFFIX).text()


def _unknown(access: restic.Access) -> bool:
    try:
        restic.config(access)
    except restic.ResticFailed as failure:
        return failure.reason is BackupReason.WRONG_KEY
    return False


def _add(inventory: Inventory, store: Store, where: RepositoryPlace, root: Path, key: str, who: str) -> None:
    """Add the key and note it as ours; where the repository's own key does not open it either, that is told by the work that follows."""
    before = restic_storage.keys(root)
    with open_place(where, Surroundings(store.state_dir, Path(inventory.root)), at=str(root)) as access:
        try:
            restic_storage.add_key(access, key, whose="storage")
        except restic.ResticFailed:
            return
    added = sorted(restic_storage.keys(root) - before)
    backups = inside(inventory, where)
    with store.write() as connection:
        stored.put_keys(connection, where.target.site, where.path, added, now(), known=True)
        members = tuple(sorted({member for one in backups for member in members_of(inventory, one)}))
        audit.append(connection, at=now(), actor=who, verb="key-added", object=f"repository:{where.path}@{where.target.id}", members=members, after={"key": added, "whose": "storage"})
