"""Run: does one job of the table now, under its lock, with a row in the ledger."""

from __future__ import annotations

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import WrongUse
from samdrift.model.period import rfc3339
from samdrift.model.section import Column


@click.command()
@click.argument("job")
@click.option("--period", help="What it claims: 2026-10, 2026-10-25, 2026-10-25T00Z.")
@click.option("--deadline", metavar="DURATION", help="End after this: 60 s, 15 min.")
@pass_context
def command(context: Context, job: str, period: str | None, deadline: str | None) -> None:
    """Run JOB now: 75 when it runs already, 0 when there is nothing to do.

    \b
    Examples:
      samdrift run read-halls
      samdrift run read-halls --deadline "60 s" --output json
    """
    from samdrift.model.quantity import read_duration
    from samdrift.operations.jobs import find_job
    from samdrift.operations.run_job import run_job

    context.require_operations()
    found = find_job(job)
    try:
        limit = read_duration(deadline) if deadline else None
    except ValueError as error:
        raise WrongUse(f"--deadline: {error}") from None
    inventory = context.load_inventory()
    with context.open_store(create=True) as store:
        run, code = run_job(found, inventory, store, at=context.at, period=period, deadline_seconds=limit)
    text = context.text
    columns = [
        Column("id", text("jobs.run"), "id"),
        Column("job", text("jobs.job"), "id"),
        Column("period", text("jobs.period"), "id"),
        Column("outcome", text("jobs.outcome"), "state"),
        Column("counts", text("jobs.counts")),
        Column("reasons", text("jobs.reasons")),
    ]
    item = {
        "id": run.id or None,
        "job": run.job,
        "period": run.period,
        "outcome": run.outcome,
        "started_at": rfc3339(run.started_at),
        "ended_at": rfc3339(run.ended_at) if run.ended_at else None,
        "exit_code": code,
        "counts": dict(run.counts),
        "reasons": list(run.reasons),
    }
    context.emit(kind="samdrift/run", items=[item], columns=columns)
    context.exit(code)
