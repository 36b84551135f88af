"""The metrics of network devices' configurations, from the store (playbooks.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.network.metrics import METRICS, samples
from samdrift.operations.choose_network import network_devices
from samdrift.store import Store
from samdrift.store import network as stored

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:  # noqa: ARG001 - the samplers' one signature
    """Two series a declared device."""
    with store.read() as connection:
        newest = stored.newest_backups(connection, viewer=OPERATIONS)
        changed = stored.changes(connection, viewer=OPERATIONS)
    devices = [(one.id, inventory.ownership(one).label, one.site or "") for one in network_devices(inventory, viewer=OPERATIONS)]
    return samples(devices, {device: row.last_success_at for device, row in newest.items() if row.last_success_at}, changed)
