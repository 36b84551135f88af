"""The history of a finding: since when it stands, when it was last well, over how many runs, and whether it flaps (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import TypeAlias

from samdrift.model.finding import Finding, History, Status

LOOK_BACK = 10
"""Runs looked at for flapping."""
FLAPS = 4
"""Changes between open and not open within them that make it flapping (monitoring.md M25's count)."""
OPEN = frozenset({Status.FAILURE, Status.WARNING, Status.WAIVED})
WELL = frozenset({Status.OK, Status.NOT_APPLICABLE})

RunKey: TypeAlias = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """One stored row of the same check, subject and view; `run` orders the runs.

    `well_at`: the last run that gave the same again without a row of its own. `kept` is the history as it was kept with the row, so that
    what came before the oldest sight in hand need not be read; None of rows that bear none.
    """

    run: RunKey
    part: str | None
    code: str
    status: Status
    observed_at: datetime
    well_at: datetime | None = None
    kept: History | None = None


def history_of(sights: Iterable[Sight], found: Finding) -> History:
    """The history of `found` among the sights of its check, subject and view: all of them, or the newest, whose first bear what came before.

    A run that could not look neither opens nor closes anything: it is passed over, and so is one that could not look at all of it and
    did not see the finding.
    """
    runs = [tuple(group) for _, group in groupby(sorted(sights, key=lambda each: each.run), key=lambda each: each.run)]
    judged = [group for group in runs if any(each.status is not Status.UNDETERMINED for each in group)]
    last_ok = _last_ok(runs, judged)
    if found.status not in OPEN:
        return History(last_ok_at=last_ok or (found.observed_at if found.status is Status.OK else None))
    sure = [(group, row) for group in judged if (row := _open_row(group, found)) or all(each.status is not Status.UNDETERMINED for each in group)]
    standing = list(_tail([row for _, row in sure]))
    recent = sure[-LOOK_BACK:]
    changed = tuple(group[0].run[0] for (_, before), (group, after) in pairwise(recent) if (before is None) != (after is None))
    flapping = len(changed) >= FLAPS
    since, earlier = _before(standing)
    return History(since or found.observed_at, last_ok, len(standing) + earlier, flapping, changed if flapping else ())


def tell_enough(sights: Sequence[Sight], *, is_open: bool) -> bool:
    """Whether the newest sights tell a history as all would: the newest row keeps its own, some row knows when it was well, and for what is open some run could look."""
    if not sights:
        return False
    newest = max(each.run for each in sights)
    lacking = any(each.run == newest and each.status not in WELL and each.kept is None for each in sights)
    knows_well = any(each.kept is not None or each.status is Status.OK for each in sights)
    looked = any(each.status is not Status.UNDETERMINED for each in sights)
    return not lacking and knows_well and (looked or not is_open)


def _before(standing: Sequence[Sight]) -> tuple[datetime | None, int]:
    """Since when it stands, and how many runs before those of the tail saw it: the newest row that kept its history knows of all before it."""
    for place, row in reversed(list(enumerate(standing))):
        if row.kept is not None and row.kept.runs_open:
            return row.kept.first_seen_at, row.kept.runs_open - place - 1
    return (standing[0].observed_at if standing else None), 0


def _last_ok(runs: Iterable[tuple[Sight, ...]], judged: Iterable[tuple[Sight, ...]]) -> datetime | None:
    """When it was last well: a run in which all was well and something ok, or what an older row kept of such a run."""
    well = [max(each.well_at or each.observed_at for each in group) for group in judged if all(each.status in WELL for each in group) and any(each.status is Status.OK for each in group)]
    kept = [each.kept.last_ok_at for group in runs for each in group if each.kept and each.kept.last_ok_at]
    return max((*well, *kept), default=None)


def _open_row(group: tuple[Sight, ...], found: Finding) -> Sight | None:
    same = (each for each in group if (each.part, each.code) == (found.subject.part, found.code) and each.status in OPEN)
    return next(same, None)


def _tail(open_in: list[Sight | None]) -> list[Sight]:
    """The unbroken run of sights at the end, oldest first."""
    tail: list[Sight] = []
    for row in reversed(open_in):
        if row is None:
            break
        tail.append(row)
    return tail[::-1]
