"""Sealed copies: a repository's config and keys, kept at the other site; both are sealed by the key itself (backup.md F6)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from samdrift.adapters import rest_repository, restic
from samdrift.adapters.files import make_folder, write_whole
from samdrift.backup.repository import RepositoryPlace
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import objects, target_folder
from samdrift.operations.backup_ledger import known_identity
from samdrift.store.store import Store

SEALED = ".sealed"
"""Beside the owners' folders at the disaster site: no owner's login reaches it."""


def keep_sealed(access: restic.Access, where: RepositoryPlace, folder: Path) -> None:
    """Keep what opens a repository, below the other site's folder; what is there already stays, also when the repository lost it."""
    into = make_folder(folder / SEALED / where.target.id / where.owner / where.name)
    make_folder(into / "keys")
    for name in ("config", *(f"keys/{key}" for key in objects(access).get("keys", {}))):
        if not (into / name).exists():
            data = rest_repository.content(access.location, name, access.ca)
            if data:
                write_whole(into / name, data, mode=0o600)


def sealed_copy(inventory: Inventory, store: Store, where: RepositoryPlace, name: str) -> Path | None:
    """The kept `config`, folder of `keys` or one of them (`keys/ID`) of a repository on any target's folder of this machine; None when it is not what it was."""
    known = known_identity(inventory, store, where)
    for folder in (*(target_folder(target, store.state_dir) for target in inventory.backup_targets.values()), beside_store(store)):
        kept = folder / SEALED / where.target.id / where.owner / where.name / name if folder else None
        if kept is not None and kept.exists() and (any(kept.iterdir()) if kept.is_dir() else _is(kept, known)):
            return kept
    return None


def beside_store(store: Store) -> Path:
    """Where the doors of the disaster site's own repositories are kept: no other site pulls them."""
    return store.state_dir / "backup"


def _is(kept: Path, known: str) -> bool:
    """Whether a kept file is the one that it was: a key's name is its hash, the config's the store knows."""
    return hashlib.sha256(kept.read_bytes()).hexdigest() == (known if kept.name == "config" else kept.name)
