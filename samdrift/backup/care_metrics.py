"""The metrics of what a person must look at: damage, anomalies, holds, keys, quotas, escrow (backup.md 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samdrift.backup.looked import Looked, SiteLook
from samdrift.backup.metrics import HEAD, seconds
from samdrift.backup.quota import Filling
from samdrift.model.backup_run import BackupRun
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.run import Outcome

AT_REPOSITORY = ("member", "repository", "site")
DAMAGED = MetricSpec(f"{HEAD}damaged_objects", "Objects that the last check or scan found damaged.", "gauge", AT_REPOSITORY)
KEYS = MetricSpec(f"{HEAD}keys_unknown", "Keys that open the repository and are none of ours.", "gauge", AT_REPOSITORY)
LOCK = MetricSpec(f"{HEAD}lock_age_seconds", "Since when the oldest lock in the repository has been seen; absent without one.", "gauge", AT_REPOSITORY)
CHECKED = MetricSpec(f"{HEAD}checked_timestamp_seconds", "When the repository was last checked; 0: never.", "gauge", AT_REPOSITORY, dates_itself=True)
PROBLEM = MetricSpec(f"{HEAD}problem", "1 while the last look at the backup's repository gave this reason.", "gauge", ("member", "backup", "site", "reason"))
HELD = MetricSpec(f"{HEAD}retention_held", "1 while nothing of the backup is forgotten.", "gauge", ("member", "backup"))
ANOMALY = MetricSpec(f"{HEAD}anomaly", "1 while a run out of the ordinary waits for a person.", "gauge", ("member", "backup"))
LAST_OK = MetricSpec(f"{HEAD}last_run_ok", "1 when the last run of the action ended well.", "gauge", ("member", "backup", "site", "action"))
UNCOVERED = MetricSpec(f"{HEAD}service_uncovered", "1 for a service that promises a recovery point and has neither backup nor waiver.", "gauge", ("member", "service"))
QUOTA = MetricSpec(f"{HEAD}quota_ratio", "Share of its quota that the member fills at the site.", "gauge", ("member", "site"))
FREE = MetricSpec(f"{HEAD}target_free_bytes", "Bytes free where the target lies.", "gauge", ("member", "site"))
SIZE = MetricSpec(f"{HEAD}target_size_bytes", "Bytes of the file system on which the target lies.", "gauge", ("member", "site"))
FULL = MetricSpec(f"{HEAD}target_full_timestamp_seconds", "When the target is full if it goes on so; absent when no such day is near.", "gauge", ("member", "site"), dates_itself=True)
ESCROW = MetricSpec(f"{HEAD}escrow_proved_timestamp_seconds", "When a custodian last opened the repository with the escrowed key; 0: never.", "gauge", ("member", "repository"), dates_itself=True)
METRICS = (DAMAGED, KEYS, LOCK, CHECKED, PROBLEM, HELD, ANOMALY, LAST_OK, UNCOVERED, QUOTA, FREE, SIZE, FULL, ESCROW)


def looked_samples(member: str, backup: str, looked: Looked, last_run: BackupRun | None, last_drill: BackupRun | None) -> Iterator[Sample]:
    """The series of one backup; an anomaly that is undetermined is absent."""
    own = {"member": member, "backup": backup}
    yield Sample(HELD.name, own, int(looked.held))
    if looked.anomaly in {"open", "ok"}:
        yield Sample(ANOMALY.name, own, int(looked.anomaly == "open"))
    for one in looked.sites:
        reasons = {str(reason) for reason in one.reasons if reason.value != "snapshot-vanished"} | ({"snapshot-vanished"} if one.site in looked.vanished else set())
        for reason in sorted(reasons):
            yield Sample(PROBLEM.name, {**own, "site": one.site, "reason": reason}, 1)
        for action, run in (("copy", one.copy), ("prune", one.prune)):
            yield from _last(own, action, run)
    yield from _last(own, "run", last_run)
    yield from _last(own, "drill", last_drill)


def _last(own: Mapping[str, str], action: str, run: BackupRun | None) -> Iterator[Sample]:
    if run is not None:
        yield Sample(LAST_OK.name, {**own, "site": run.site, "action": action}, int(run.outcome is Outcome.OK))


def integrity_samples(member: str, repository: str, look: SiteLook) -> Iterator[Sample]:
    """The series of one repository at one site; damage and keys of one that was never checked are absent, not 0."""
    where = {"member": member, "repository": repository, "site": look.site}
    yield Sample(CHECKED.name, where, seconds(look.check.ended_at if look.check else None))
    if look.check is not None or look.scan is not None:
        yield Sample(DAMAGED.name, where, len(look.damaged))
    if look.check is not None:
        yield Sample(KEYS.name, where, len(look.check.keys_unknown))


def filling_samples(targets: Mapping[str, Filling], owners: Mapping[tuple[str, str], Filling]) -> Iterator[Sample]:
    """How full targets and quotas are."""
    for site, one in sorted(targets.items()):
        where = {"site": site}
        yield Sample(FREE.name, where, one.limit_bytes - one.used_bytes)
        yield Sample(SIZE.name, where, one.limit_bytes)
        if one.full_at is not None:
            yield Sample(FULL.name, where, seconds(one.full_at))
    for (owner, site), one in sorted(owners.items()):
        yield Sample(QUOTA.name, {"member": owner, "site": site}, one.ratio)
