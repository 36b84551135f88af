"""The metrics of what checks remember, from the store (dns.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.compliance import memory_metrics
from samdrift.compliance.memory_metrics import METRICS
from samdrift.compliance.score import member_scores, zone_scores
from samdrift.inventory.objects import waiver_members
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.period import local_midnight
from samdrift.model.reading import SHARED
from samdrift.model.run import Run
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.record_checks import VANTAGE_COUNTS, newest_job_runs
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.score_checks import COUNTS_FOR, known_with_history
from samdrift.store import Store

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """What stands now of the inventory's zones, and what ends when."""
    known = known_with_history(store, inventory, since=at - COUNTS_FOR)
    zones = zone_scores([finding for finding, _ in known], registered_checks())
    yield from memory_metrics.new_findings(known, at=at)
    yield from memory_metrics.unreachable_runs(known)
    yield from memory_metrics.secondaries(known)
    yield from memory_metrics.scores(member_scores(zones))
    yield from memory_metrics.vantage(_vantage(newest_job_runs(store, viewer=OPERATIONS).values()))
    ends = {}
    for name, row in inventory.waivers.items():
        whose = waiver_members(inventory, row)
        ends[name] = (whose[0] if len(whose) == 1 else SHARED, local_midnight(row.until))
    yield from memory_metrics.waivers(ends)


def _vantage(runs: Iterable[Run]) -> dict[str, bool]:
    """Family → whether it was proven in the newest run that used it."""
    found: dict[str, bool] = {}
    for run in sorted(runs, key=lambda one: one.started_at):
        found |= {family: bool(run.counts[name]) for family, name in VANTAGE_COUNTS.items() if name in run.counts}
    return found
