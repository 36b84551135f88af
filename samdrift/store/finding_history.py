"""The history of a finding: since when it stands, when it was last well, over how many runs, and whether it flaps (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable
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
    """One stored row of the same check, subject and view; `run` orders the runs."""

    run: RunKey
    part: str | None
    code: str
    status: Status
    observed_at: datetime


def history_of(sights: Iterable[Sight], found: Finding) -> History:
    """The history of `found` among all sights of its check, subject and view.

    A run that could not look neither opens nor closes anything: it is passed over, and so is one that could not look at all of it and
    did not see the finding.
    """
    runs = [tuple(group) for _, group in groupby(sorted(sights, key=lambda each: each.run), key=lambda each: each.run)]
    judged = [group for group in runs if any(each.status is not Status.UNDETERMINED for each in group)]
    well = [group[0].observed_at for group in judged if all(each.status in WELL for each in group) and any(each.status is Status.OK for each in group)]
    if found.status not in OPEN:
        return History(last_ok_at=well[-1] if well else found.observed_at if found.status is Status.OK else None)
    sure = [(group, row) for group in judged if (row := _open_row(group, found)) or all(each.status is not Status.UNDETERMINED for each in group)]
    standing = list(_tail([row for _, row in sure]))
    recent = sure[-LOOK_BACK:]
    changed = tuple(group[0].run[0] for (_, before), (group, after) in pairwise(recent) if (before is None) != (after is None))
    flapping = len(changed) >= FLAPS
    return History(standing[0].observed_at if standing else found.observed_at, well[-1] if well else None, len(standing), flapping, changed if flapping else ())


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
