"""Restore a backup into a new or empty folder, and compare what came with the source's manifest (backup.md 4)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from samdrift.adapters import restic, source_tree
from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder
from samdrift.adapters.process import find_program
from samdrift.backup.comparison import CONTENT, Comparison, compare
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.manifest import Entry
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, free_bytes, open_place, require_reached
from samdrift.operations.choose_backups import choose_backups, chosen_site
from samdrift.operations.record_backup_run import manifest_roots, read_manifest
from samdrift.operations.restore_snapshots import restore_snapshots
from samdrift.store import audit
from samdrift.store import backups as stored
from samdrift.store.store import Store

RESTORE_S = 24 * 3600
MARGIN = 64 * 2**20


def restore_backup(
    inventory: Inventory, store: Store, backup_id: str, to: Path, *, viewer: Viewer, who: str, snapshot: str | None = None, at: datetime | None = None,
    paths: Sequence[str] = (), site: str | None = None,
) -> tuple[Snapshot, Comparison | None]:  # fmt: skip
    """The snapshot restored, and the comparison (None: the store has no manifest of it). WrongUse when the folder is not empty."""
    (backup,) = choose_backups(inventory, [backup_id], viewer)
    find_program("restic")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise WrongUse(f"{to} is not an empty folder", help="name a new or empty one; nothing is ever written over")
    where = chosen_site(inventory, backup, site, role="primary")
    with store.read() as connection:
        known = stored.snapshots(connection, viewer=viewer, backups=[backup.id], site=where.target.site)
        runs = stored.runs(connection, viewer=OPERATIONS, backups=[backup.id])
    chosen = choose_snapshot(known, snapshot, at, where.target.site)
    of_run = next((run for run in runs if run.id == chosen.run), None)
    expected = _manifest(store, of_run.id, of_run.manifest_sha256) if of_run else None
    wanted = None if expected is None else [entry for entry in expected if _within(entry.path, paths)]
    if paths and wanted == []:
        raise UnknownId("path of this snapshot", paths[0])
    need = sum(entry.size for entry in wanted if entry.kind in CONTENT) if wanted is not None else chosen.size_bytes
    if free_bytes(to) < need + MARGIN:
        raise CouldNotObserve(f"the restore needs {need + MARGIN} bytes at {to} and {free_bytes(to)} are free")
    with open_place(where, Surroundings(store.state_dir, Path(inventory.root)), read_only=True) as access:
        require_reached(access, where.target.site)
        make_folder(to)
        ended = restore_snapshots(access, store, chosen, to, include=[os.fsencode(path) for path in paths], limit_seconds=RESTORE_S)
    if ended.timed_out or (ended.code != 0 and not any(to.iterdir())):
        failure = restic.failed(ended)
        raise CouldNotObserve(f"the repository at {where.target.site} could not be read: {failure.text}", help=f"reason {failure.reason}")
    with store.write() as connection:
        audit.append(
            connection, at=now(), actor=who, verb="restore", object=f"backup:{backup.id}", members=chosen.members, after={"snapshot": chosen.id, "to": str(to), "site": chosen.site}
        )  # fmt: skip
    if wanted is None or of_run is None:
        return chosen, None
    found = _restored(store, of_run.id, to)
    return chosen, compare(wanted, found, changed=frozenset(of_run.not_comparable) | frozenset(of_run.unreadable), whole=not paths)


def choose_snapshot(known: Sequence[Snapshot], snapshot: str | None, at: datetime | None, site: str) -> Snapshot:
    """The named snapshot, the newest usable one up to an instant, or the newest usable one."""
    if snapshot is not None:
        found = [one for one in known if snapshot in {one.id, one.original} or (len(snapshot) >= 8 and one.id.startswith(snapshot))]
        if len(found) != 1:
            raise UnknownId(f"snapshot at {site}", snapshot, [one.id for one in known])
        return found[0]
    usable = [one for one in known if one.state == "usable" and (at is None or one.recovery_point_at <= at)]
    if not usable:
        raise CouldNotObserve(f"there is no usable snapshot at {site}" + (" that old" if at else ""), help="samdrift backup snapshots ID")
    return max(usable, key=lambda one: one.recovery_point_at)


def _manifest(store: Store, run: str, digest: str) -> list[Entry] | None:
    try:
        return read_manifest(store, run, digest)
    except ValueError:
        return None


def _within(path: bytes, paths: Sequence[str]) -> bool:
    wanted = [os.fsencode(one).rstrip(b"/") for one in paths]
    return not wanted or any(path == one or path.startswith(one + b"/") for one in wanted)


def _restored(store: Store, run: str, to: Path) -> dict[bytes, Entry]:
    walk, strip = source_tree.Walk(), os.fsencode(to.absolute())
    found: dict[bytes, Entry] = {}
    for root in manifest_roots(store, run):
        found |= {entry.path: entry for entry in source_tree.entries(strip + root, walk, strip=strip)}
    return found
