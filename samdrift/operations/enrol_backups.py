"""Enrol an owner: make the keys that the inventory refers to and lacks, and the repositories at both sites (backup.md 4)."""

from __future__ import annotations

import secrets
from pathlib import Path

from samdrift.adapters import restic
from samdrift.adapters.files import make_folder, write_whole
from samdrift.adapters.process import find_program
from samdrift.adapters.secrets import secrets_folder
from samdrift.backup.repository import RepositoryPlace, owner_of, place, targets_of
from samdrift.model.backup_run import BackupReason
from samdrift.model.errors import CouldNotObserve, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import Surroundings, here, in_state, open_place
from samdrift.operations.backup_ledger import known_identity, note_own_keys
from samdrift.operations.run_backup import host_names
from samdrift.store.store import Store


def enrol_backups(inventory: Inventory, store: Store, owner: str, *, device: str | None = None) -> list[dict[str, str]]:
    """What was made (`key`, `repository`), was there, or is a reference that cannot be read yet (`unresolved`), one row each, for every repository of the owner; run again it makes nothing.

    The login at a rest target is the storage host's to give. A repository that was there once and is gone is not made anew.
    """
    find_program("restic")
    around = Surroundings(store.state_dir, Path(inventory.root))
    hosts = frozenset({device}) if device else host_names()
    owners = {owner_of(inventory, inventory.services[one.service]) for one in inventory.backups.values()}
    if owner not in owners:
        raise UnknownId("owner of backups", owner, owners)
    places: dict[tuple[str, str], RepositoryPlace] = {}
    for backup in inventory.backups.values():
        if owner_of(inventory, inventory.services[backup.service]) == owner:
            for target in targets_of(inventory, backup):
                where = place(inventory, backup, target)
                places.setdefault((where.path, target.id), where)
    rows = []
    for where in places.values():
        if not here(where.target, hosts):
            continue
        rows.append(_key(where))
        if where.target.role == "primary" and rows[-1]["state"] != "unresolved":
            rows.append(_repository(inventory, store, where, around))
    return rows


def _key(where: RepositoryPlace) -> dict[str, str]:
    """A `file:` key is made when it is lacking; the disaster site's repository itself is made at the first pull, with the source's chunker parameters."""
    row = {"what": "key", "repository": where.path, "target": where.target.id, "state": "there"}
    if in_state(where.target):
        return row
    if not where.key.startswith("file:"):
        return {**row, "state": "unresolved"}
    path = secrets_folder() / where.key.removeprefix("file:")
    if path.exists():
        return row
    make_folder(path.parent)
    write_whole(path, secrets.token_urlsafe(32).encode() + b"\n", mode=0o600)
    return {**row, "state": "made"}


def _repository(inventory: Inventory, store: Store, where: RepositoryPlace, around: Surroundings) -> dict[str, str]:
    row = {"what": "repository", "repository": where.path, "target": where.target.id, "state": "there"}
    with open_place(where, around) as access:
        try:
            restic.config(access)
        except restic.ResticFailed as failure:
            if failure.reason is not BackupReason.REPOSITORY_MISSING:
                raise CouldNotObserve(f"{where.path} at {where.target.id}: {failure.text}", help=f"reason {failure.reason}") from None
            if known_identity(inventory, store, where):
                raise CouldNotObserve(f"{where.path} at {where.target.id} was there and is gone", help="find out why before anything is made anew") from None
            if access.local:
                make_folder(Path(access.location).parent)
            restic.init(access)
            note_own_keys(store, where, access)
            return {**row, "state": "made"}
    return row
