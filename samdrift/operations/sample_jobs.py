"""The metrics of jobs, from the ledger (reliability.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.model.inventory import Inventory
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.jobs import JOBS
from samdrift.operations.list_jobs import list_jobs
from samdrift.store import Store, runs

LAST_SUCCESS = MetricSpec(
    "samdrift_job_last_success_timestamp_seconds", "Start of the last run that went well; 0: never.", "gauge", ("member", "job_name"), dates_itself=True
)
MISSED = MetricSpec("samdrift_job_missed_periods", "Times the job was due since its last success and did not go well.", "gauge", ("member", "job_name"))
RUNS = MetricSpec("samdrift_job_runs_total", "Ended runs that the ledger holds.", "counter", ("member", "job_name", "outcome"))
METRICS = (LAST_SUCCESS, MISSED, RUNS)


def sample(_: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """One series a job; runs by outcome."""
    for state in list_jobs(store, viewer=OPERATIONS, at=at):
        labels = {"member": "shared", "job_name": state.job.id}
        success = state.last_success_at
        yield Sample(LAST_SUCCESS.name, labels, microseconds(success) // 1_000_000 if success else 0)
        if state.missed_periods is not None:
            yield Sample(MISSED.name, labels, state.missed_periods)
    with store.read() as connection:
        ended = runs.count_ended(connection, viewer=OPERATIONS)
    known = {job.id for job in JOBS}
    for (job_id, outcome), count in sorted(ended.items()):
        if job_id in known:
            yield Sample(RUNS.name, {"member": "shared", "job_name": job_id, "outcome": outcome.value}, count)
