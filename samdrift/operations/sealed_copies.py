"""Sealed copies: a repository's config and keys, kept at the other site; both are sealed by the key itself (backup.md F6)."""

from __future__ import annotations

from pathlib import Path

from samdrift.adapters import rest_repository, restic
from samdrift.adapters.files import make_folder, write_whole
from samdrift.backup.repository import RepositoryPlace
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import objects, target_folder
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
    """The kept `config`, or folder of `keys`, of a repository on any target's folder of this machine."""
    for target in inventory.backup_targets.values():
        folder = target_folder(target, store.state_dir)
        kept = folder / SEALED / where.target.id / where.owner / where.name / name if folder else None
        if kept is not None and kept.exists() and (kept.is_file() or any(kept.iterdir())):
            return kept
    return None
