"""Health of a store: engine, version, integrity, size and room (reliability.md 4)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Literal

from samdrift.model.viewer import Viewer
from samdrift.store import kinds
from samdrift.store.location import DATABASE
from samdrift.store.schema import VERSION
from samdrift.store.store import Store

Integrity = Literal["ok", "damaged", "not-checked"]


@dataclass(frozen=True, slots=True)
class Health:
    """Bytes are bytes; `free_bytes` is the room under the state folder. PostgreSQL checks its own pages: `not-checked`."""

    engine: str
    schema_version: str
    integrity: Integrity
    fault: str
    size_bytes: int
    free_bytes: int
    kinds: tuple[kinds.KindState, ...]


def health(store: Store, *, viewer: Viewer) -> Health:
    """What `store status` shows; the whole database is read for it. CouldNotObserve when it cannot be."""
    free = shutil.disk_usage(store.state_dir).free
    with store.read() as connection:
        engine = connection.dialect.name
        states = tuple(kinds.states(connection, viewer=viewer))
        if engine == "postgresql":
            size = int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
            return Health(engine, VERSION, "not-checked", "", size, free, states)
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(1)")]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    fault = "" if said == ["ok"] else said[0]
    if broken is not None and not fault:
        fault = f"a row of {broken[0]} names a row of {broken[2]} that is not there"
    size = sum(path.stat().st_size for path in store.state_dir.glob(f"{DATABASE}*"))
    return Health(engine, VERSION, "damaged" if fault else "ok", fault, size, free, states)
