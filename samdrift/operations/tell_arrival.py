"""Tell an arrival: when a snapshot came to the storage, by the storage's own clock (backup.md B9, B12)."""

from __future__ import annotations

import http.client
from datetime import datetime
from pathlib import Path

from samdrift.adapters import repository_files, rest_repository
from samdrift.adapters.clock import now
from samdrift.backup.repository import RepositoryPlace
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import Surroundings, open_place
from samdrift.operations.storage_trust import storage_folder
from samdrift.store.store import Store


def tell_arrival(inventory: Inventory, store: Store, where: RepositoryPlace, snapshot: str, hosts: frozenset[str]) -> datetime:
    """Its file's time where the storage is this machine (`hosts` are its names); else what the endpoint says of the file, or of its own clock now; else our clock now.

    A storage whose clock is ahead dates nothing later than now, so that what came is there at once.
    """
    at = now()
    folder = storage_folder(where.target, store.state_dir, hosts)
    found = repository_files.arrival(folder / where.path, snapshot) if folder is not None else _told(inventory, store, where, snapshot)
    return min(found or at, at)


def _told(inventory: Inventory, store: Store, where: RepositoryPlace, snapshot: str) -> datetime | None:
    try:
        with open_place(where, Surroundings(store.state_dir, Path(inventory.root)), key="", read_only=True) as access:
            return rest_repository.arrival(access.location, f"snapshots/{snapshot}", access.ca)
    except (OSError, http.client.HTTPException, WrongUse):
        return None
