"""Runs: the one ledger of work; each run leaves an honest end (reliability.md R3)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from samdrift.model.chain import canonical
from samdrift.model.period import microseconds
from samdrift.model.run import Outcome, Run
from samdrift.model.short_id import short_id
from samdrift.model.viewer import Viewer
from samdrift.store.tables.run import run, run_member
from samdrift.store.visibility import seen_by, write_members

KILLED = "killed"
"""The reason of a run whose process ended without a word."""


def start_run(connection: Connection, *, job: str, subject: str, at: datetime, period: str | None = None, members: Iterable[str] = ()) -> Run:
    """Open a row in the ledger. `members`: those who may read it when they are members' viewers; a joint run names none."""
    host, pid = socket.gethostname(), os.getpid()
    seed = canonical([job, subject, period, microseconds(at), host, pid])
    length = 4
    while connection.execute(select(run.c.id).where(run.c.id == (found := short_id("run", seed, length)))).first():
        length += 1
        seed = seed if length <= 12 else canonical([seed.decode(), length])
    opened = Run(found, job, subject, at, period=period, host=host, pid=pid)
    connection.execute(
        insert(run).values(id=found, job=job, subject=subject, period=period, started_at=at, host=host, pid=pid, counts={}, reasons=[])
    )
    write_members(connection, run_member, ({"id": found, "member": member} for member in sorted(set(members))))
    return opened


def end_run(connection: Connection, run_id: str, *, at: datetime, outcome: Outcome, counts: Mapping[str, int] | None = None, reasons: Sequence[str] = ()) -> None:
    """Close the row; a row that is closed already stays as it is."""
    open_row = (run.c.id == run_id) & (run.c.ended_at.is_(None))
    values = {"ended_at": at, "outcome": outcome.value, "counts": dict(counts or {}), "reasons": list(reasons)}
    connection.execute(update(run).where(open_row).values(**values))


def close_abandoned(connection: Connection, *, job: str, at: datetime) -> int:
    """Mark open runs of a job as interrupted, `killed`; called while holding the job's lock. Gives how many."""
    open_rows = (run.c.job == job) & (run.c.ended_at.is_(None))
    done = connection.execute(update(run).where(open_rows).values(ended_at=at, outcome=Outcome.INTERRUPTED.value, reasons=[KILLED]))
    return done.rowcount


def list_runs(connection: Connection, *, viewer: Viewer, job: str | None = None, limit: int = 100) -> list[Run]:
    """The newest runs first."""
    query = select(run).where(seen_by(viewer, run, run_member)).order_by(run.c.started_at.desc(), run.c.id).limit(limit)
    if job is not None:
        query = query.where(run.c.job == job)
    return [_run(row) for row in connection.execute(query)]


def count_ended(connection: Connection, *, viewer: Viewer) -> dict[tuple[str, Outcome], int]:
    """How many ended runs the ledger holds, by job and outcome."""
    query = select(run.c.job, run.c.outcome, func.count()).where(seen_by(viewer, run, run_member), run.c.outcome.is_not(None)).group_by(run.c.job, run.c.outcome)
    return {(job, Outcome(outcome)): count for job, outcome, count in connection.execute(query)}


def find_run(connection: Connection, run_id: str, *, viewer: Viewer) -> Run | None:
    """One run, or None when there is none that the viewer may see."""
    row = connection.execute(select(run).where(run.c.id == run_id, seen_by(viewer, run, run_member))).one_or_none()
    return None if row is None else _run(row)


def _run(row: Any) -> Run:
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return Run(row.id, row.job, row.subject, row.started_at, row.ended_at, outcome, row.period, row.host, row.pid, dict(row.counts), row.reasons)
