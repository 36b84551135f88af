"""Sights of findings in the store: the newest rows of a check, subject and view, with what the rows keep of all before them (dns.md D11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, select, tuple_

from samdrift.model.finding import Finding, History, Status
from samdrift.model.period import from_microseconds, microseconds
from samdrift.model.viewer import Viewer
from samdrift.store.finding_history import OPEN, Sight, tell_enough
from samdrift.store.tables.finding import finding, finding_member
from samdrift.store.visibility import seen_by

Key: TypeAlias = tuple[str, str, str, str]
"""Check, noun, subject's id, view."""
KEY = (finding.c.check, finding.c.noun, finding.c.subject, finding.c.view)
READ = (
    *KEY, finding.c.part, finding.c.code, finding.c.run_at, finding.c.run, finding.c.status, finding.c.observed_at, finding.c.member, finding.c.well_at,
    finding.c.first_seen_at, finding.c.last_ok_at, finding.c.runs_open, finding.c.flapped_at,
)  # fmt: skip
TOLD = OPEN | {Status.UNDETERMINED}
"""Whose history is told; what is well has only its last sight."""
LOOK_BACK = timedelta(days=12)
"""Ten nights, the runs looked at for flapping, and two to spare; a row keeps what came before."""
BLOCK = 300
"""Subjects asked for in one statement."""


def key_of(each: Finding) -> Key:
    """What a finding's history goes by."""
    return (each.check, each.subject.noun, each.subject.id, each.view)


def sights(connection: Connection, found: Sequence[Finding], *, viewer: Viewer, until: datetime) -> Mapping[tuple[Key, str | None], list[Sight]]:
    """(key, member) → its sights of the last days up to `until`; all of them where those do not tell enough."""
    asked = {(key_of(each), each.member): False for each in found}
    for each in found:
        asked[key_of(each), each.member] |= each.status in OPEN
    keys = sorted({key for key, _ in asked})
    held = _read(connection, keys, (finding.c.run_at >= until - LOOK_BACK, finding.c.run_at <= until), viewer)
    again = sorted({key for (key, member), is_open in asked.items() if not tell_enough(held.get((key, member), ()), is_open=is_open)})
    return held | _read(connection, again, (finding.c.run_at <= until,), viewer)


def _read(connection: Connection, keys: Sequence[Key], conditions: Sequence[ColumnElement[bool]], viewer: Viewer) -> dict[tuple[Key, str | None], list[Sight]]:
    held: dict[tuple[Key, str | None], list[Sight]] = defaultdict(list)
    for start in range(0, len(keys), BLOCK):
        query = select(*READ).where(tuple_(*KEY).in_(keys[start : start + BLOCK]), *conditions, seen_by(viewer, finding, finding_member))
        for row in connection.execute(query):
            held[(row.check, row.noun, row.subject, row.view), row.member].append(
                Sight((row.run_at, row.run), row.part, row.code, Status(row.status), row.observed_at, row.well_at, kept_history(row.first_seen_at, row.last_ok_at, row.runs_open, row.flapped_at))
            )
    return dict(held)


def kept_history(first_seen_at: datetime | None, last_ok_at: datetime | None, runs_open: int | None, flapped_at: tuple[int, ...] | None) -> History | None:
    """What a row keeps of its history; None of one that is well, or that was written before that was kept."""
    if runs_open is None:
        return None
    flapped = tuple(map(from_microseconds, flapped_at or ()))
    return History(first_seen_at, last_ok_at, runs_open, bool(flapped), flapped)


def history_values(history: History | None) -> dict[str, datetime | int | tuple[int, ...] | None]:
    """The columns in which a row keeps its history."""
    if history is None:
        return {"first_seen_at": None, "last_ok_at": None, "runs_open": None, "flapped_at": None}
    return {
        "first_seen_at": history.first_seen_at, "last_ok_at": history.last_ok_at, "runs_open": history.runs_open,
        "flapped_at": tuple(map(microseconds, history.flapped_at)) or None,
    }  # fmt: skip
