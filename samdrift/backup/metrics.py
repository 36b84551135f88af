"""The metrics of backups, made from what the store knows (backup.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from samdrift.backup.freshness import BackupStatus, SiteStatus
from samdrift.model.backup_run import BackupRun
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.nouns.backup import Backup
from samdrift.model.period import microseconds

HEAD = "samdrift_backup_"
AT_SITE = ("member", "service", "backup", "site")
LAST_SUCCESS = MetricSpec(f"{HEAD}last_success_timestamp_seconds", "When the newest usable snapshot came to the site; 0: never.", "gauge", AT_SITE, dates_itself=True)
RECOVERY_POINT = MetricSpec(
    f"{HEAD}recovery_point_timestamp_seconds", "The instant whose data the newest usable snapshot at the site holds; 0: none.", "gauge", AT_SITE, dates_itself=True
)  # fmt: skip
UP = MetricSpec(f"{HEAD}up", "1 when the repository was reached at the last look.", "gauge", ("member", "repository", "site"))
COVERAGE = MetricSpec(f"{HEAD}check_coverage_ratio", "Share of the bytes that were read within the check period.", "gauge", ("member", "repository", "site"))
STORED = MetricSpec(f"{HEAD}stored_bytes", "Bytes of all objects of the repository on disk.", "gauge", ("member", "repository", "site"))
OBJECTIVE = MetricSpec(f"{HEAD}objective_seconds", "The declared objective: rpo or rto.", "gauge", ("member", "backup", "objective"))
ESTIMATE = MetricSpec(f"{HEAD}restore_estimate_seconds", "Seconds that a restore takes, from the last full drill.", "gauge", ("member", "backup"))
PROTECTED = MetricSpec(f"{HEAD}protected_bytes", "Restore size of the newest usable snapshot.", "gauge", ("member", "backup"))
RUNS = MetricSpec(f"{HEAD}runs_total", "Judged runs that the store holds.", "counter", ("member", "backup", "action", "outcome"))
DURATION = MetricSpec(f"{HEAD}run_duration_seconds", "Seconds of the last run.", "gauge", ("member", "backup", "action"))
MISSING = MetricSpec(f"{HEAD}copy_missing_snapshots", "Snapshots of the primary that the site lacks.", "gauge", ("member", "backup", "site"))
DRILLED = MetricSpec(f"{HEAD}drill_last_passed_timestamp_seconds", "When a drill of the level last passed; 0: never.", "gauge", ("member", "backup", "level"), dates_itself=True)
LAG = MetricSpec(f"{HEAD}copy_lag_seconds", "How much older the newest usable data at the site is than at the primary.", "gauge", ("member", "backup", "site"))
DUE = MetricSpec(f"{HEAD}drill_due_timestamp_seconds", "When a drill of the level must have passed again.", "gauge", ("member", "backup", "level"), dates_itself=True)
INFO = MetricSpec(f"{HEAD}info", "1; the class of the service that the backup keeps safe.", "gauge", ("member", "service", "backup", "class"))
METRICS = (LAST_SUCCESS, RECOVERY_POINT, UP, COVERAGE, STORED, OBJECTIVE, ESTIMATE, PROTECTED, RUNS, DURATION, MISSING, DRILLED, LAG, DUE, INFO)


def seconds(instant: object) -> int:
    """Whole seconds since 1970 of an instant, 0 for none."""
    from datetime import datetime

    return microseconds(instant) // 1_000_000 if isinstance(instant, datetime) else 0


def backup_samples(backup: Backup, member: str, found: BackupStatus, *, service_class: str | None = None) -> Iterator[Sample]:
    """The series of one backup's state; what is undetermined is absent."""
    own = {"member": member, "backup": backup.id}
    yield Sample(INFO.name, {**own, "service": backup.service, "class": service_class or "none"}, 1)
    for site in found.sites:
        yield from _site(backup, member, site)
    for name, value in (("rpo", found.rpo_seconds), ("rto", found.rto_seconds)):
        if value is not None:
            yield Sample(OBJECTIVE.name, {**own, "objective": name}, value)
    if found.restore_estimate_seconds is not None:
        yield Sample(ESTIMATE.name, own, found.restore_estimate_seconds)
    yield Sample(PROTECTED.name, own, found.protected_bytes)
    yield Sample(OBJECTIVE.name, {**own, "objective": "duration"}, backup.max_duration)
    for drill in found.drills:
        yield Sample(DRILLED.name, {**own, "level": str(drill.level)}, seconds(drill.last_passed_at))
        if drill.due_at is not None and drill.last_passed_at is not None:
            yield Sample(DUE.name, {**own, "level": str(drill.level)}, seconds(drill.due_at))
    yield from _lags(own, found)


def _site(backup: Backup, member: str, site: SiteStatus) -> Iterator[Sample]:
    where = {"member": member, "backup": backup.id, "site": site.wanted.site}
    newest = site.newest
    yield Sample(LAST_SUCCESS.name, {**where, "service": backup.service}, seconds(newest.arrival_at if newest else None))
    yield Sample(RECOVERY_POINT.name, {**where, "service": backup.service}, seconds(newest.recovery_point_at if newest else None))
    if site.wanted.role != "primary":
        yield Sample(MISSING.name, where, site.missing)


def _lags(own: dict[str, str], found: BackupStatus) -> Iterator[Sample]:
    primary = found.sites[0].newest if found.sites else None
    for site in found.sites[1:]:
        if primary is not None and site.newest is not None:
            behind = primary.recovery_point_at - site.newest.recovery_point_at
            yield Sample(LAG.name, {**own, "site": site.wanted.site}, max(0, round(behind.total_seconds())))


def repository_samples(member: str, repository: str, site: SiteStatus) -> Iterator[Sample]:
    """The series of one repository at one site, from the last look at it."""
    where = {"member": member, "repository": repository, "site": site.wanted.site}
    if site.look is not None:
        yield Sample(UP.name, where, int(site.look.up))
        if site.look.check_coverage_permille is not None:
            yield Sample(COVERAGE.name, where, Fraction(site.look.check_coverage_permille, 1000))
        if site.look.stored_bytes is not None:
            yield Sample(STORED.name, where, site.look.stored_bytes)


def run_samples(counted: Mapping[tuple[str, str, str, str], int], newest: Iterable[BackupRun]) -> Iterator[Sample]:
    """Counts by member, backup, action and outcome, and each action's last duration; `newest` are the last runs of each backup, site and action."""
    last: dict[tuple[str, str], BackupRun] = {}
    for run in sorted(newest, key=lambda one: (one.started_at, one.id)):
        last[run.backup, run.action] = run
    for (member, backup, action, outcome), count in sorted(counted.items()):
        yield Sample(RUNS.name, {"member": member, "backup": backup, "action": action, "outcome": outcome}, count)
    for (backup, action), run in sorted(last.items()):
        yield Sample(DURATION.name, {"member": run.member, "backup": backup, "action": action}, round((run.ended_at - run.started_at).total_seconds()))
