"""The metrics of checks and zones, from the store (dns.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.compliance.metrics import METRICS, samples
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.record_checks import JOB, SOON_JOB, newest_job_runs
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.score_checks import COUNTS_FOR
from samdrift.store import Store, findings

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """What stands of zones, endpoints and contracts that the inventory has; a zone that left it leaves no series."""
    known = registered_checks()
    mine = [check.id for check in known.values() if check.needs[0] in NEEDS]
    zones = {zone.name for zone in inventory.zones.values()}
    with store.read() as connection:
        current = [finding for finding, _ in findings.current(connection, viewer=OPERATIONS, checks=mine, since=at - COUNTS_FOR)]
    shown = [one for one in current if one.subject.noun != "zone" or one.subject.id in zones]
    ended = {job: run.ended_at for job, run in newest_job_runs(store, viewer=OPERATIONS).items()}
    return samples(shown, known, run_at=ended.get(JOB), soon_at=ended.get(SOON_JOB))
