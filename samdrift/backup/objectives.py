"""Objectives over a month: for which share of it each was met, and each breach with begin, end and cause (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from samdrift.backup.freshness import measured_restore
from samdrift.model.backup_run import BackupRun
from samdrift.model.drill_proof import DrillProof
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


TOO_SLOW, GREW = "drill-too-slow", "data-grew"
"""Why a restore takes too long: the last full drill already did, or there is more to restore since."""


def rto_kept(
    proofs: Sequence[DrillProof], snapshots: Sequence[Snapshot], sites: Sequence[str], rto_seconds: int, start: datetime, end: datetime, *, databases: bool
) -> Kept:  # fmt: skip
    """The recovery time objective over [start, end): met while the last full drill, grown with the newest usable data, took no longer. Before the first such drill nothing is known."""
    turns = {one.started_at for one in proofs} | {one.arrival_at for one in snapshots}
    moments = sorted({start, *(one for one in turns if start < one < end), max(start, end)})
    known, pieces = 0, []
    for since, until in pairwise(moments):
        held = [one for one in proofs if one.started_at <= since]
        took = measured_restore(held, _newest_bytes(snapshots, sites, since), databases=databases)
        if took is None:
            continue
        known += int((until - since).total_seconds())
        if took > rto_seconds:
            pieces.append((since, until, (TOO_SLOW if (measured_restore(held, 0, databases=databases) or 0) > rto_seconds else GREW,)))
    breaches = tuple(Breach(begin, end_, (), causes) for begin, end_, causes in _joined(pieces))
    return Kept(known, known - sum(int((one.end - one.begin).total_seconds()) for one in breaches), breaches)


def _newest_bytes(snapshots: Sequence[Snapshot], sites: Sequence[str], at: datetime) -> int:
    """Bytes of the newest usable snapshot at the site where it is largest."""
    there = [one for one in snapshots if one.state == "usable" and one.arrival_at <= at]
    newest = (max((one for one in there if one.site == site), key=lambda one: (one.recovery_point_at, one.id), default=None) for site in sites)
    return max((one.size_bytes for one in newest if one is not None), default=0)


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
