"""Network backups: record what a run found, give each device's newest and the number of its changes (playbooks.md 2.7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select

from samdrift.model.network_backup import NetworkBackup, NetworkReason, NetworkStatus
from samdrift.model.viewer import Viewer
from samdrift.store.tables.network import network_backup, network_backup_member
from samdrift.store.visibility import seen_by, write_members


def add_backup(connection: Connection, backup: NetworkBackup) -> None:
    """Write one device's row of a run."""
    connection.execute(
        insert(network_backup).values(
            run=backup.run, device=backup.device, label=backup.member, site=backup.site, platform=backup.platform, status=backup.status.value,
            reason=backup.reason.value if backup.reason else None, message=backup.message, observed_at=backup.observed_at, seconds=backup.seconds,
            last_success_at=backup.last_success_at, commit_id=backup.commit, size_bytes=backup.size_bytes, unsaved=backup.unsaved,
        )
    )  # fmt: skip
    rows = ({"run": backup.run, "device": backup.device, "member": member} for member in sorted(set(backup.members)))
    write_members(connection, network_backup_member, rows)


def newest_backups(connection: Connection, *, viewer: Viewer, device: str | None = None) -> dict[str, NetworkBackup]:
    """Device → its newest row that the viewer may read; only one device's when it is named."""
    seen = seen_by(viewer, network_backup, network_backup_member)
    if device is not None:
        seen &= network_backup.c.device == device
    latest = select(network_backup.c.device, func.max(network_backup.c.observed_at).label("at")).group_by(network_backup.c.device).subquery()
    same = (network_backup.c.device == latest.c.device) & (network_backup.c.observed_at == latest.c.at)
    query = select(network_backup).join(latest, same).where(seen).order_by(network_backup.c.device, network_backup.c.run)
    found: dict[str, NetworkBackup] = {}
    for row in connection.execute(query):
        if row.device not in found:
            found[row.device] = _backup(row)
    return found


def changes(connection: Connection, *, viewer: Viewer) -> dict[str, int]:
    """Device → how many runs found it changed, or for the first time, as far back as the store holds them."""
    changed = (network_backup.c.status == NetworkStatus.CHANGED.value) & seen_by(viewer, network_backup, network_backup_member)
    query = select(network_backup.c.device, func.count().label("rows")).where(changed).group_by(network_backup.c.device)
    return {row.device: row.rows for row in connection.execute(query)}


def _backup(row: Any) -> NetworkBackup:
    return NetworkBackup(
        row.run, row.device, row.label, row.site, row.platform, NetworkStatus(row.status), row.observed_at, row.seconds,
        NetworkReason(row.reason) if row.reason else None, row.message, row.last_success_at, row.commit_id, row.size_bytes, row.unsaved,
    )  # fmt: skip
