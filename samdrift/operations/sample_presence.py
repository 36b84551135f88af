"""The metrics of certificates and security.txt, from the store (dns.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.compliance.presence_metrics import EXPIRY_CHECK, METRICS, SECURITY_TXT_CHECK, samples
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.store import Store, findings

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:  # noqa: ARG001 (the protocol of collectors)
    """What stands of the zones that the inventory has."""
    zones = {zone.name for zone in inventory.zones.values()}
    with store.read() as connection:
        current = [finding for finding, _ in findings.current(connection, viewer=OPERATIONS, checks=[EXPIRY_CHECK, SECURITY_TXT_CHECK])]
    return samples(one for one in current if one.subject.id in zones)
