"""Check backups: structure and a slice of the packs with the key, or every name against its content without one (backup.md B14)."""

from __future__ import annotations

from collections.abc import Sequence

from samdrift.adapters.process import find_program
from samdrift.backup.repository import RepositoryPlace, members_of, place, targets_of
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.viewer import Viewer
from samdrift.operations.backup_access import here
from samdrift.operations.choose_backups import choose_seen
from samdrift.operations.look_at_repository import Look
from samdrift.operations.run_backup import host_names
from samdrift.operations.storage_trust import storage_folder
from samdrift.store.store import Store


def check_backups(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, site: str | None = None, full: bool = False, keyless: bool = False, device: str | None = None
) -> tuple[BackupRun, ...]:  # fmt: skip
    """Check the repositories of the chosen backups (or those named `OWNER/NAME`) at every site or one, each repository once; one run for each."""
    if full and keyless:
        raise WrongUse("--full and --keyless exclude each other")
    find_program("restic")
    hosts = frozenset({device}) if device else host_names()
    done = []
    for backup, where in repositories(inventory, store, ids, viewer, site):
        stored_here = storage_folder(where.target, store.state_dir, hosts) is not None
        if stored_here or (here(where.target, hosts) and not keyless):
            done.append(Look(inventory, store, backup, where, hosts).run(full=full, keyless=keyless))
    return tuple(done)


def repositories(inventory: Inventory, store: Store, ids: Sequence[str], viewer: Viewer, site: str | None) -> list[tuple[Backup, RepositoryPlace]]:
    """Each repository once with the first of its backups; `ids` are backups or repositories (`OWNER/NAME`), none is all that have run. UnknownId for one that is none."""
    paths = {one for one in ids if "/" in one}
    seen = [one for one in inventory.backups.values() if viewer.sees_any(members_of(inventory, one))]
    inside = {one.id: {place(inventory, one, target).path for target in targets_of(inventory, one)} for one in seen}
    for path in sorted(paths):
        if not any(path in found for found in inside.values()):
            raise UnknownId("repository", path, {one for found in inside.values() for one in found})
    chosen = {one.id for one in seen if inside[one.id] & paths}
    if not ids or set(ids) - paths:
        chosen |= {one.id for one in choose_seen(inventory, store, sorted(set(ids) - paths), viewer)}
    found: dict[tuple[str, str], tuple[Backup, RepositoryPlace]] = {}
    for backup in (one for one in seen if one.id in chosen):
        for target in targets_of(inventory, backup):
            if site in {None, target.site, target.id}:
                where = place(inventory, backup, target)
                found.setdefault((target.id, where.path), (backup, where))
    return list(found.values())
