"""Migrate the store to this program's version, or make it."""

from __future__ import annotations

from typing import Any

from samdrift.store import migrate_store as _migrate_store


def migrate_store(location: str | None, *, dry_run: bool = False) -> dict[str, Any]:
    """One item of samdrift/store-migration; an older SQLite store is copied first. WrongStoreVersion for a newer one."""
    before, after = _migrate_store(location, dry_run=dry_run)
    action = "make" if before is None else "upgrade" if before != after else "none"
    return {"from_version": before, "to_version": after, "action": action, "done": not dry_run and action != "none"}
