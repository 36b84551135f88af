"""Objectives over a month: for which share of it each was met, and each breach with begin, end and cause (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from samdrift.model.backup_run import BackupRun
from samdrift.model.run import Outcome
from samdrift.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Breach:
    """A time in which data at some site was older than the objective; `causes` are reasons of runs and pulls that were not well, none when none ran."""

    begin: datetime
    end: datetime
    sites: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How long an objective was known and met, in whole seconds; the breaches in order."""

    known_seconds: int
    met_seconds: int
    breaches: tuple[Breach, ...]

    @property
    def share(self) -> Fraction | None:
        """Met of known; None when nothing is known."""
        return Fraction(self.met_seconds, self.known_seconds) if self.known_seconds else None


def rpo_kept(
    snapshots: Sequence[Snapshot], sites: Sequence[str], rpo_seconds: int, start: datetime, end: datetime, *, runs: Sequence[BackupRun] = ()
) -> Kept:  # fmt: skip
    """The recovery point objective over [start, end): met while at every site the newest usable data is no older than it.

    `snapshots` are all that ever were, forgotten ones too. Before the first arrival anywhere nothing is known. A site that never had one breaks it.
    """
    usable = sorted((one for one in snapshots if one.state == "usable" and one.site in sites), key=lambda one: (one.arrival_at, one.id))
    if not usable:
        return Kept(0, 0, ())
    begin = max(start, usable[0].arrival_at)
    moments = sorted({begin, *(one.arrival_at for one in usable if begin < one.arrival_at < end), max(begin, end)})
    pieces: list[tuple[datetime, datetime, tuple[str, ...]]] = []
    for since, until in pairwise(moments):
        pieces += _late(usable, sites, timedelta(seconds=rpo_seconds), since, until)
    breaches = tuple(Breach(one[0], one[1], one[2], _causes(runs, one[0] - timedelta(seconds=rpo_seconds), one[1])) for one in _joined(pieces))
    known = max(0, int((end - begin).total_seconds()))
    return Kept(known, known - sum(int((one.end - one.begin).total_seconds()) for one in breaches), breaches)


def _late(
    usable: Sequence[Snapshot], sites: Sequence[str], rpo: timedelta, since: datetime, until: datetime
) -> list[tuple[datetime, datetime, tuple[str, ...]]]:  # fmt: skip
    """The part of a piece without arrivals in which the objective is broken; a site is late once its newest data is too old."""
    points = {site: max((one.recovery_point_at for one in usable if one.site == site and one.arrival_at <= since), default=None) for site in sites}
    turns = {site: since if point is None else max(since, point + rpo) for site, point in points.items()}
    first = min(turns.values())
    if first >= until:
        return []
    return [(first, until, tuple(sorted(site for site, turn in turns.items() if turn < until)))]


def _joined(pieces: Sequence[tuple[datetime, datetime, tuple[str, ...]]]) -> list[tuple[datetime, datetime, tuple[str, ...]]]:
    found: list[tuple[datetime, datetime, tuple[str, ...]]] = []
    for begin, end, sites in pieces:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end, tuple(sorted({*found[-1][2], *sites})))
        else:
            found.append((begin, end, sites))
    return found


def _causes(runs: Sequence[BackupRun], since: datetime, until: datetime) -> tuple[str, ...]:
    bad = [run for run in sorted(runs, key=lambda run: run.started_at) if since <= run.started_at < until and run.outcome is not Outcome.OK]
    return tuple(dict.fromkeys(str(reason) for run in bad for reason in run.reasons))
