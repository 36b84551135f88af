"""The table of jobs: the only list of what runs by itself; `run`, `jobs`, timers and the embedded scheduler read it (reliability.md R6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Literal

from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.period import Month
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.schedule import Schedule

PeriodKind = Literal["quarter", "hour", "day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `schedule` in UTC, the kind of `period` it claims, and `operation` as `module:function` of this floor.

    `once`: a period that was done well is not done again ("nothing to do"); a job that only looks may look again.
    """

    id: str
    title: str
    schedule: str
    period: PeriodKind
    timeout_seconds: int
    operation: str
    once: bool = False

    @property
    def due(self) -> Schedule:
        return Schedule.parse(self.schedule)

    def work(self) -> Callable[[JobWork], JobDone]:
        """The function that does it, imported when it is asked for."""
        module, _, name = self.operation.partition(":")
        found: Any = getattr(import_module(f"samdrift.operations.{module}"), name)
        return found  # type: ignore[no-any-return]

    def period_at(self, at: datetime) -> str:
        """What a run at `at` claims: the quarter of an hour, hour, day (UTC) or week under way, or the Stockholm month before."""
        at = at.astimezone(UTC)
        if self.period == "quarter":
            return f"{at.replace(minute=at.minute // 15 * 15):%Y-%m-%dT%H:%MZ}"
        if self.period == "hour":
            return f"{at:%Y-%m-%dT%HZ}"
        if self.period == "day":
            return f"{at:%Y-%m-%d}"
        if self.period == "week":
            return f"{at:%G-W%V}"
        return str(Month.of(at).previous)

    def check_period(self, text: str) -> str:
        """The period as given, when it is of this job's kind; WrongUse names the form."""
        forms = {"quarter": ("%Y-%m-%dT%H:%MZ", "2026-10-25T00:15Z"), "hour": ("%Y-%m-%dT%HZ", "2026-10-25T00Z"), "day": ("%Y-%m-%d", "2026-10-25"), "week": ("%G-W%V-%u", "2026-W43"), "month": ("%Y-%m", "2026-10")}
        form, example = forms[self.period]
        try:
            read = datetime.strptime(text + "-1" if self.period == "week" else text, form).replace(tzinfo=UTC)
        except ValueError:
            read = None
        if read is None or read.strftime(form).removesuffix("-1" if self.period == "week" else "") != text:
            raise WrongUse(f"--period {text}: {self.id} works by the {self.period}", help=f"write --period {example}")
        return text

    def missed_periods(self, since: datetime | None, at: datetime) -> int | None:
        """How often it was due since its last success (never well: since its first run), its time to work not counted; None when it never ran."""
        if since is None:
            return None
        return self.due.missed(since, at, timedelta(seconds=self.timeout_seconds))


JOBS: tuple[Job, ...] = (
    Job("run-backups", "Run the backups whose data lies on this machine", "daily 01:00", "day", 4 * 3600, "run_backup_jobs:run_due"),
    Job("copy-backups", "Pull what the disaster site lacks", "daily 05:00", "day", 6 * 3600, "run_backup_jobs:copy"),
    Job("check-backups", "Check every repository's structure and today's slice of its data", "daily 08:00", "day", 6 * 3600, "run_backup_jobs:check"),
    Job("scan-repositories", "Compare every object's content with its name, without a key", "daily 09:00", "day", 6 * 3600, "run_backup_jobs:scan"),
    Job("drill-backups", "Hold the restore drills that are due", "daily 10:00", "day", 6 * 3600, "drill_due:drill_due"),
    Job("prune-backups", "Forget what retention gives up, where the repositories lie", "daily 11:00", "day", 6 * 3600, "prune_backups:as_job"),
    Job("verify-escrow", "See that every sealed key is in its repository and unchanged", "daily 11:30", "day", 3600, "escrow_keys:as_job"),
    Job("measure-backups", "Measure stored and protected bytes for metering", "daily 12:00", "day", 3600, "measure_backups:collect_backup_readings"),
    Job("check-dns", "Check all zones, endpoints and contracts of the inventory", "daily 02:00", "day", 3600, "record_checks:check_zones_job"),
    Job("check-dns-soon", "Check what can break before morning: reachability, chain, signatures, lag", "every 15 min", "quarter", 600, "record_checks:check_soon_job"),
    Job("back-up-network", "Read every network device's configuration and keep what changed", "daily 03:30", "day", 3600, "back_up_network:as_job"),
    Job("collect-usage", "Collect readings from the inventory, the rota, the halls and Prometheus", "hourly :20", "hour", 1200, "collect_usage:collect_job"),
    Job("watch-costs", "Estimate the open month, look for corrections, verify the newest closed one", "daily 04:15", "day", 3600, "watch_costs:as_job"),
    Job("read-halls", "Poll every hall source once and store the readings", "hourly :00", "hour", 120, "read_halls:as_job"),
)


def find_job(job_id: str) -> Job:
    """The job of an id; UnknownId with the nearest."""
    by_id = {job.id: job for job in JOBS}
    if job_id not in by_id:
        error = UnknownId("job", job_id, by_id)
        error.help = error.help if error.near else "list them: samdrift jobs"
        raise error
    return by_id[job_id]
