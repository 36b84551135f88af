"""Run a job: its lock, its row in the ledger, its work, and an end that is honest whatever happens (reliability.md R1, R3, R5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.adapters.alarm import TimeIsOut, alarm
from samdrift.adapters.clock import now
from samdrift.model.errors import EXIT_OK, Interrupted, SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.model.run import Outcome, Run
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.jobs import Job
from samdrift.store import Store, runs
from samdrift.store.lock import job_lock_of

GRACE_SECONDS = 3
"""How long the work may go on after its deadline before it is ended."""


def run_job(job: Job, inventory: Inventory, store: Store, *, at: datetime, period: str | None = None, deadline_seconds: int | None = None) -> tuple[Run, int]:
    """The run as the ledger has it and its exit code; without a row (id empty) when its period was done well before.

    LockHeld when it runs already. Interrupted, KeyboardInterrupt and errors are recorded and raised again.
    """
    claimed = job.check_period(period) if period else job.period_at(at)
    limit = min(deadline_seconds or job.timeout_seconds, job.timeout_seconds)
    with job_lock_of(store, job.id, at=now()):
        with store.write() as connection:
            runs.close_abandoned(connection, job=job.id, at=now())
            if job.once and _done(runs.list_runs(connection, viewer=OPERATIONS, job=job.id, limit=1000), claimed):
                return Run("", job.id, job.id, at, at, Outcome.NOTHING_TO_DO, claimed), EXIT_OK
            opened = runs.start_run(connection, job=job.id, subject=job.id, at=now(), period=claimed)
        work = JobWork(inventory, store, at, opened.id, claimed, now() + timedelta(seconds=limit))
        return _worked(job, work, opened, limit)


def _done(earlier: list[Run], period: str) -> bool:
    return any(run.period == period and run.outcome in {Outcome.OK, Outcome.NOTHING_TO_DO} for run in earlier)


def _worked(job: Job, work: JobWork, opened: Run, limit: int) -> tuple[Run, int]:
    try:
        with alarm(limit + GRACE_SECONDS, job.id):
            done = job.work()(work)
    except TimeIsOut as error:
        done = JobDone(Outcome.FAILED, reasons=("deadline", error.message))
    except (KeyboardInterrupt, Interrupted):
        _record(work, opened, JobDone(Outcome.INTERRUPTED, reasons=("interrupted",)))
        raise
    except SamdriftError as error:
        _record(work, opened, JobDone(Outcome.FAILED, reasons=(error.message,)))
        raise
    except Exception as error:
        _record(work, opened, JobDone(Outcome.FAILED, reasons=(f"own fault: {type(error).__name__}",)))
        raise
    return _record(work, opened, done), done.code


def _record(work: JobWork, opened: Run, done: JobDone) -> Run:
    """Write the end; CouldNotRecord when the store does not take it."""
    ended = now()
    with work.store.write() as connection:
        runs.end_run(connection, opened.id, at=ended, outcome=done.outcome, counts=done.counts, reasons=done.reasons)
    return Run(
        opened.id, opened.job, opened.subject, opened.started_at, ended, done.outcome, opened.period, opened.host, opened.pid, done.counts, done.reasons
    )
