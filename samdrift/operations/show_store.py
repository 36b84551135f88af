"""Show the store: engine, version, integrity, room, and how many rows of each kind since when."""

from __future__ import annotations

from typing import Any

from samdrift.model.inventory import Inventory
from samdrift.model.period import rfc3339
from samdrift.model.viewer import Viewer
from samdrift.store import Store
from samdrift.store.health import health


def show_store(store: Store, *, viewer: Viewer, inventory: Inventory | None = None) -> dict[str, Any]:
    """One item of samdrift/store; retention.yml, where an inventory is at hand, stands over the defaults.

    A member's viewer is not told how large the joint store is.
    """
    found = health(store, viewer=viewer)
    kept = {row.id: row.keep for row in inventory.all("retention")} if inventory else {}
    return {
        "engine": found.engine,
        "schema_version": found.schema_version,
        "integrity": found.integrity,
        "fault": found.fault or None,
        "size_bytes": None if viewer.role == "member" else found.size_bytes,
        "free_bytes": None if viewer.role == "member" else found.free_bytes,
        "kinds": [
            {
                "kind": each.id,
                "rows": each.rows,
                "oldest_at": rfc3339(each.oldest_at) if each.oldest_at else None,
                "retention": kept.get(each.id, each.retention),
            }
            for each in found.kinds
        ],
    }
