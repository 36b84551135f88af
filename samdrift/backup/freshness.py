"""Freshness: how old the data in the newest usable snapshots is, and whether the objectives are met (backup.md B9, B10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from samdrift.backup.standing import by_site, standing
from samdrift.model.backup_run import BackupReason, BackupRun
from samdrift.model.drill_proof import DrillProof
from samdrift.model.finding import Status
from samdrift.model.snapshot import RepositoryLook, SiteStock, Snapshot

if TYPE_CHECKING:
    from samdrift.model.nouns.backup import Backup

LOOK_TOO_OLD_S = 26 * 3600
"""A look at a repository older than this says nothing of today."""
FULL_DRILL = 3


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """All that the store knows of one backup: its runs, snapshots and proofs newest first, and the last look at each site.

    `checked` are the checks, scans and heals of the repositories that it lies in, whichever backup there they were asked for.
    With `stock`, what lies at each site is summed up there as of the instant to judge at, and neither snapshots nor old runs and proofs are given.
    """

    runs: tuple[BackupRun, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    looks: tuple[RepositoryLook, ...] = ()
    proofs: tuple[DrillProof, ...] = ()
    checked: tuple[BackupRun, ...] = ()
    stock: tuple[SiteStock, ...] | None = None


@dataclass(frozen=True, slots=True)
class WantedSite:
    """A site where the backup must lie, its role there and how well it is protected."""

    site: str
    role: str
    protection: str


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site's part of a backup's status; `newest` is None without a usable snapshot, `found` what checks and scans found that still stands."""

    wanted: WantedSite
    look: RepositoryLook | None
    newest: Snapshot | None
    snapshots: int
    missing: int
    looked_too_long_ago: bool
    found: tuple[BackupReason, ...] = ()

    @property
    def reached(self) -> bool:
        return self.look is not None and self.look.up and not self.looked_too_long_ago


@dataclass(frozen=True, slots=True)
class DrillStatus:
    """One level: when it last passed, when the next is due."""

    level: int
    last_passed_at: datetime | None
    due_at: datetime | None
    proof: str | None


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """The judged state of one backup; seconds are whole, None is undetermined."""

    status: Status
    reasons: tuple[BackupReason, ...]
    last_run: BackupRun | None
    sites: tuple[SiteStatus, ...]
    rpo_seconds: int | None
    rpo_age_seconds: int | None
    rpo_met: bool | None
    rto_seconds: int | None
    restore_estimate_seconds: int | None
    rto_met: bool | None
    copies_missing: int
    drills: tuple[DrillStatus, ...]
    protected_bytes: int


def newest_usable(snapshots: Iterable[Snapshot], site: str) -> Snapshot | None:
    """The usable snapshot of the site with the latest recovery point."""
    usable = [one for one in snapshots if one.site == site and one.state == "usable"]
    return max(usable, key=lambda one: (one.recovery_point_at, one.id), default=None)


def missing_copies(snapshots: Sequence[Snapshot], source: str, site: str) -> tuple[Snapshot, ...]:
    """Snapshots of the source site whose origin no snapshot of the other site has, newest first (B11)."""
    there = {one.origin for one in snapshots if one.site == site}
    lacking = [one for one in snapshots if one.site == source and one.origin not in there]
    return tuple(sorted(lacking, key=lambda one: (one.claimed_at, one.id), reverse=True))


def judge_backup(
    backup: Backup, wanted: Sequence[WantedSite], record: BackupRecord, objectives: tuple[int | None, int | None], at: datetime
) -> BackupStatus:
    """The state of one backup at an instant, from what the store knew by then."""
    record = until(record, at)
    rpo, rto = objectives
    checked = by_site(record.checked)
    stock = record.stock if record.stock is not None else take_stock(record.snapshots, [one.site for one in wanted])
    sites = tuple(_site(one, record, stock, standing(checked.get(one.site, ())), at) for one in wanted)
    age = _age(sites, at)
    drills = tuple(_drill(int(level), every, record, at) for level, every in sorted(backup.drills.items()))
    estimate = restore_estimate(record, sites, databases="4" in backup.drills)
    rpo_met = None if rpo is None or (age is None and not _ever_looked(sites)) else age is not None and age <= rpo
    rto_met = None if rto is None or estimate is None else estimate <= rto
    missing = sum(one.missing for one in sites)
    last = record.runs[0] if record.runs else None
    status, reasons = _verdict(last, sites, rpo_met, rto_met, drills, missing, at)
    protected = next((one.newest.size_bytes for one in sites if one.newest), 0)
    return BackupStatus(status, reasons, last, sites, rpo, age, rpo_met, rto, estimate, rto_met, missing, drills, protected)


def until(record: BackupRecord, at: datetime) -> BackupRecord:
    """The record without what came later: a month is reported as it ended."""
    return BackupRecord(
        tuple(run for run in record.runs if run.started_at <= at),
        tuple(one for one in record.snapshots if one.arrival_at <= at),
        record.looks,
        tuple(proof for proof in record.proofs if proof.started_at <= at),
        tuple(run for run in record.checked if run.started_at <= at),
        record.stock,
    )


def take_stock(snapshots: Sequence[Snapshot], sites: Sequence[str]) -> tuple[SiteStock, ...]:
    """What lies at each of the sites; the first is the source, of which the others are copies."""
    return tuple(
        SiteStock(site, sum(one.site == site for one in snapshots), len(missing_copies(snapshots, sites[0], site)), newest_usable(snapshots, site)) for site in sites
    )


def _site(wanted: WantedSite, record: BackupRecord, stock: Sequence[SiteStock], found: tuple[BackupReason, ...], at: datetime) -> SiteStatus:
    look = next((one for one in record.looks if one.site == wanted.site), None)
    there = next((one for one in stock if one.site == wanted.site), SiteStock(wanted.site, 0, 0, None))
    old = look is None or (at - look.at).total_seconds() > LOOK_TOO_OLD_S
    return SiteStatus(wanted, look, there.newest, there.snapshots, there.missing, old, found)


def _ever_looked(sites: Sequence[SiteStatus]) -> bool:
    return any(one.look is not None for one in sites)


def _age(sites: Sequence[SiteStatus], at: datetime) -> int | None:
    """Seconds since the oldest of the sites' recovery points: the objective holds at every site or at none (B10)."""
    points = [one.newest.recovery_point_at if one.newest else None for one in sites]
    known = [point for point in points if point is not None]
    if not points or len(known) < len(points):
        return None
    return max(0, ceil((at - min(known)).total_seconds()))


def _drill(level: int, every: int, record: BackupRecord, at: datetime) -> DrillStatus:
    passed = [one for one in record.proofs if one.passed and one.proves(level)]
    last = max(passed, key=lambda one: one.started_at, default=None)
    due = datetime.fromtimestamp(last.started_at.timestamp() + every, tz=at.tzinfo) if last else at
    return DrillStatus(level, last.started_at if last else None, due, last.id if last else None)


def restore_estimate(record: BackupRecord, sites: Sequence[SiteStatus], *, databases: bool = False) -> int | None:
    """Whole seconds that a restore takes now; None when none was measured."""
    return measured_restore(record.proofs, max((one.newest.size_bytes for one in sites if one.newest), default=0), databases=databases)


def measured_restore(proofs: Iterable[DrillProof], now: int, *, databases: bool) -> int | None:
    """Whole seconds of the last full drill × max(1, bytes `now` / then); None without one (B10).

    Full is level 5, or level 3; with `databases` level 4 must have passed too, and its seconds are added.
    """
    passed = sorted((one for one in proofs if one.passed), key=lambda one: one.started_at)
    last = {one.level: one for one in passed}
    files, tables, whole = last.get(FULL_DRILL), last.get(4), last.get(5)
    if whole is not None and all(one is None or one.started_at <= whole.started_at for one in (files, tables)):
        return _grown(whole, now)
    if files is None or (databases and tables is None):
        return None
    return _grown(files, now) + (tables.seconds if tables is not None else 0)


def _grown(proof: DrillProof, now: int) -> int:
    return max(proof.seconds, ceil(proof.seconds * now / proof.size_bytes)) if proof.size_bytes else proof.seconds


def _verdict(
    last: BackupRun | None, sites: Sequence[SiteStatus], rpo_met: bool | None, rto_met: bool | None, drills: Sequence[DrillStatus], missing: int, at: datetime
) -> tuple[Status, tuple[BackupReason, ...]]:
    reasons = list(last.reasons) if last else []
    states = [_run_status(last)]
    for site in sites:
        if not site.reached:
            reasons.append((site.look.reason if site.look else None) or BackupReason.UNREACHABLE)
            states.append(Status.UNDETERMINED)
        if site.found:
            reasons += site.found
            states.append(Status.FAILURE)
        if site.wanted.protection == "local":
            states.append(Status.OK)
    if missing or any(site.newest is None for site in sites[1:]):
        reasons.append(BackupReason.COPY_MISSING)
        states.append(Status.WARNING)
    if any(drill.due_at is not None and drill.due_at <= at for drill in drills):
        reasons.append(BackupReason.DRILL_OVERDUE)
        states.append(Status.WARNING)
    states += [Status.FAILURE for met in (rpo_met, rto_met) if met is False]
    return min(states, key=lambda state: state.rank), tuple(dict.fromkeys(reasons))


def _run_status(last: BackupRun | None) -> Status:
    if last is None:
        return Status.FAILURE
    if last.reasons and last.outcome.value == "ok":
        return Status.WARNING  # a notification failed
    return {"ok": Status.OK, "partial": Status.WARNING}.get(last.outcome.value, Status.FAILURE)
