"""Jobs: what runs by itself, when it is due, and how it last went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.period import rfc3339
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.operations.list_jobs import JobState


@click.command()
@pass_context
def command(context: Context) -> None:
    """List every job: schedule in UTC, missed periods, who runs it, its last end.

    \b
    Examples:
      samdrift jobs
      samdrift jobs --output json
    """
    from samdrift.model.errors import WrongUse
    from samdrift.operations.list_jobs import list_jobs

    try:
        store = context.open_store()
    except WrongUse:
        if context.store_location:
            raise
        store = None  # nothing was ever run here; the table of jobs is true all the same
    text = context.text
    columns = [
        Column("id", text("jobs.job"), "id"),
        Column("schedule", text("jobs.schedule")),
        Column("next_due_at", text("jobs.next-due"), "instant"),
        Column("missed_periods", text("jobs.missed"), "integer"),
        Column("last_run.outcome", text("jobs.last-outcome"), "state"),
        Column("last_run.started_at", text("jobs.last-started"), "instant"),
        Column("lock.host", text("jobs.lock")),
    ]
    states = list_jobs(store, viewer=context.viewer, at=context.at)
    context.emit(kind="samdrift/job", items=[_item(state) for state in states], columns=columns)


def _item(state: JobState) -> dict[str, Any]:
    job, last, running = state.job, state.last_run, state.running
    return {
        "id": job.id,
        "title": job.title,
        "schedule": job.schedule,
        "period": job.period,
        "timeout_seconds": job.timeout_seconds,
        "next_due_at": rfc3339(state.next_due_at),
        "missed_periods": state.missed_periods,
        "lock": {"host": running.host, "pid": running.pid, "started_at": rfc3339(running.started_at)} if running else None,
        "last_run": {"id": last.id, "period": last.period, "outcome": last.outcome, "started_at": rfc3339(last.started_at)} if last else None,
    }
