"""Stage the program's own store: a consistent copy that a backup can read while writers go on (reliability.md S5)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from samdrift.adapters.files import make_folder
from samdrift.store.store import Store

LEFT_OUT = frozenset({"backup", "locks", "tmp", "faults"})
"""Folders of the state folder that are no part of the store: the backups themselves, and what is only of the moment."""


def stage_store(store: Store) -> Path:
    """The folder that holds the copy, made anew: the database by the engine's own copying, files beside it linked (they are never changed in place)."""
    folder = make_folder(store.state_dir / "backup" / "staged")
    staged = folder / "store"
    if staged.exists():
        shutil.rmtree(staged)
    make_folder(staged)
    databases = _copy_database(store, staged)
    for path in sorted(store.state_dir.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith(".") or any(path.name.startswith(name) for name in databases):
            continue
        _link(path, staged / path.name)
    return staged


def _copy_database(store: Store, into: Path) -> frozenset[str]:
    """Copy an SQLite database; its files' name, so that they are not linked. PostgreSQL is another backup's source."""
    if store.engine.dialect.name != "sqlite":
        return frozenset()
    name = Path(store.engine.url.database or "").name
    connection = store.engine.raw_connection()
    try:
        connection.execute("VACUUM INTO ?", (str(into / name),))
    finally:
        connection.close()
    return frozenset({name})


def _link(path: Path, to: Path) -> None:
    if path.is_dir():
        to.mkdir(mode=0o700)
        for inner in sorted(path.iterdir()):
            _link(inner, to / inner.name)
    elif path.is_file():
        try:
            os.link(path, to)
        except OSError:
            shutil.copy2(path, to)
