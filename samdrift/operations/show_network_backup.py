"""Show how each network device's configuration stands, from the store alone (playbooks.md 4 `network status`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from samdrift.model.inventory import Inventory
from samdrift.model.network_backup import NetworkBackup, NetworkReason, NetworkStatus
from samdrift.model.nouns.device import Device
from samdrift.model.viewer import Viewer
from samdrift.operations.choose_network import network_devices
from samdrift.store import network as stored
from samdrift.store.store import Store

STALE = timedelta(hours=26)
"""A text is read each day; older than this it counts as stale (playbooks.md 6)."""


def show_network_backup(
    inventory: Inventory, store: Store, *, viewer: Viewer, at: datetime, devices: Collection[str] = (), member: str | None = None, site: str | None = None
) -> tuple[NetworkBackup, ...]:  # fmt: skip
    """The newest row of each chosen device, by id; one never read, or not read for 26 h, is undetermined with why."""
    chosen = network_devices(inventory, viewer=viewer, devices=devices, member=member, site=site)
    with store.read() as connection:
        newest = stored.newest_backups(connection, viewer=viewer)
    return tuple(_aged(newest.get(one.id) or never(inventory, one, at), at) for one in chosen)


def never(inventory: Inventory, device: Device, at: datetime) -> NetworkBackup:
    """The row of a device that no run has read."""
    owners = inventory.ownership(device)
    return NetworkBackup(
        "", device.id, owners.label, device.site or "", device.platform or "", NetworkStatus.UNDETERMINED, at, 0, NetworkReason.NEVER_RAN, members=owners.members
    )


def _aged(row: NetworkBackup, at: datetime) -> NetworkBackup:
    if row.reason is not None or at - row.observed_at <= STALE:
        return row
    return replace(row, status=NetworkStatus.UNDETERMINED, reason=NetworkReason.STALE)
