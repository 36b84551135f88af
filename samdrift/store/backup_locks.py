"""Locks seen in repositories: when each was first seen; restic gives a renewed lock a new id, so an old id is a dead one's (backup.md B17)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from samdrift.model.viewer import Viewer
from samdrift.store.tables.backup import backup_lock


def oldest_locks(connection: Connection, *, viewer: Viewer) -> dict[tuple[str, str], datetime]:
    """(repository, site) → when the oldest lock that still stands was first seen; a member's viewer reads none."""
    if viewer.role == "member":
        return {}
    query = select(backup_lock.c.repository, backup_lock.c.site, func.min(backup_lock.c.first_seen_at).label("since")).group_by(backup_lock.c.repository, backup_lock.c.site)
    return {(row.repository, row.site): row.since for row in connection.execute(query)}
