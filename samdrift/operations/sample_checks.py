"""The metrics of checks and zones, from the store (dns.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.compliance.metrics import METRICS, samples
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.record_checks import JOB
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings, runs

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:  # noqa: ARG001 (the protocol of collectors)
    """What stands of zones, endpoints and contracts that the inventory has; a zone that left it leaves no series."""
    known = registered_checks()
    mine = [check.id for check in known.values() if check.needs[0] in NEEDS]
    zones = {zone.name for zone in inventory.zones.values()}
    with store.read() as connection:
        current = [finding for finding, _ in findings.current(connection, viewer=OPERATIONS, checks=mine)]
        last = next((run for run in runs.list_runs(connection, viewer=OPERATIONS, job=JOB, limit=20) if run.ended_at is not None), None)
    shown = [one for one in current if one.subject.noun != "zone" or one.subject.id in zones]
    return samples(shown, known, run_at=last.ended_at if last else None)
