"""List the jobs: when each is due, how often it was missed, who runs it, how it last ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from samdrift.model.run import Outcome, Run
from samdrift.model.viewer import Viewer
from samdrift.operations.jobs import JOBS, Job
from samdrift.store import Store, runs

WELL = frozenset({Outcome.OK, Outcome.NOTHING_TO_DO})


@dataclass(frozen=True, slots=True)
class JobState:
    """A job with what the ledger knows of it; `running` is the open run, when there is one."""

    job: Job
    next_due_at: datetime
    missed_periods: int | None
    last_run: Run | None
    last_success_at: datetime | None
    running: Run | None


def list_jobs(store: Store | None, *, viewer: Viewer, at: datetime, jobs: Sequence[Job] = JOBS) -> tuple[JobState, ...]:
    """Every job of the table in its order; without a store nothing has run."""
    if store is None:
        return tuple(_state(job, [], at) for job in jobs)
    with store.read() as connection:
        return tuple(_state(job, runs.list_runs(connection, viewer=viewer, job=job.id, limit=200), at) for job in jobs)


def _state(job: Job, found: Sequence[Run], at: datetime) -> JobState:
    ended = [run for run in found if run.outcome is not None]
    success = next((run.started_at for run in ended if run.outcome in WELL), None)
    running = next((run for run in found if run.outcome is None), None)
    since = success or min((run.started_at for run in found), default=None)
    return JobState(job, job.due.next(at), job.missed_periods(since, at), ended[0] if ended else None, success, running)
