"""Restore all that one run made, its files and its dumps, into one folder."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from samdrift.adapters import restic
from samdrift.adapters.clock import elapsed_s
from samdrift.adapters.process import Ended
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.store import backups as stored
from samdrift.store.store import Store


def parts_of(store: Store, main: Snapshot) -> tuple[Snapshot, ...]:
    """The dumps' snapshots of the same run at the same site, by path; none where the run is not known."""
    with store.read() as connection:
        known = stored.snapshots(connection, viewer=OPERATIONS, backups=[main.backup], site=main.site, parts=True)
    return tuple(sorted((one for one in known if one.part and main.run is not None and one.run == main.run), key=lambda one: one.part))


def restore_snapshots(access: restic.Access, store: Store, main: Snapshot, to: Path, *, include: Collection[bytes] = (), limit_seconds: float) -> Ended:
    """Restore the main snapshot and its dumps, or the paths under `include`; how the first that was not well ended, else the last."""
    until = elapsed_s() + limit_seconds
    parts = parts_of(store, main)
    inside = {path for path in include if any(_holds(path, part.part) for part in parts)}
    ended = Ended(0, b"", b"")
    if not include or set(include) - inside:
        ended = restic.restore(access, main.id, to, include=[path for path in include if path not in inside], limit_seconds=limit_seconds)
    for part in parts:
        if ended.code != 0 or ended.timed_out:
            break
        if not include or any(_holds(path, part.part) for path in inside):
            ended = restic.restore(access, part.id, to, limit_seconds=max(1.0, until - elapsed_s()))
    return ended


def _holds(path: bytes, part: str) -> bool:
    """Whether a wanted path is a dump or a folder above it."""
    return (os.fsencode(part) + b"/").startswith(path.rstrip(b"/") + b"/")
