"""The quarter-hourly run keeps what is not well and what became well, not what is well again and again; a hand's run of one name is no fresh look at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from samdrift.adapters.clock import now
from samdrift.model.finding import Finding, Reason, Severity, Status, Subject
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.jobs import find_job
from samdrift.operations.record_checks import _news, newest_job_runs
from samdrift.store import Store, findings, runs
from samdrift.store.store import open_store


def finding(check: str, status: Status, zone: str = "are.example") -> Finding:
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    return Finding(check, str(status), Subject("zone", zone), status, Severity.INFO, "m", now(), member="are", reason=reason)


def keep(store: Store, *found: Finding, hours: int = 1, job: str = "check-dns", subject: str = "check-dns", outcome: Outcome = Outcome.OK) -> None:
    at = now() - timedelta(hours=hours)
    with store.write() as connection:
        run = runs.start_run(connection, job=job, subject=subject, at=at)
        findings.record(connection, run.id, found)
        runs.end_run(connection, run.id, at=at + timedelta(minutes=1), outcome=outcome)


def test_what_is_well_and_was_well_is_not_kept_again(tmp_path):
    with open_store(tmp_path, create=True) as store:
        keep(store, finding("a", Status.OK), finding("b", Status.FAILURE), finding("c", Status.OK), finding("d", Status.OK))
        found = (finding("a", Status.OK), finding("b", Status.OK), finding("c", Status.WARNING), finding("d", Status.UNDETERMINED), finding("e", Status.OK))
        assert [one.check for one in _news(store, found)] == ["b", "c", "d", "e"]


def test_what_was_well_long_ago_is_kept_again(tmp_path):
    with open_store(tmp_path, create=True) as store:
        keep(store, finding("a", Status.OK), hours=27)
        assert len(_news(store, (finding("a", Status.OK),))) == 1


def test_only_a_run_of_everything_that_ended_counts_as_fresh(tmp_path):
    with open_store(tmp_path, create=True) as store:
        keep(store, hours=5)
        keep(store, hours=1, subject="krokom.example")
        keep(store, hours=2, outcome=Outcome.FAILED)
        keep(store, hours=3, job="check-dns-soon", subject="check-dns-soon", outcome=Outcome.PARTIAL)
        found = newest_job_runs(store, viewer=OPERATIONS)
    assert {job: round((now() - run.started_at).total_seconds() / 3600) for job, run in found.items()} == {"check-dns": 5, "check-dns-soon": 3}


def test_the_soon_job_claims_a_quarter_of_an_hour():
    job = find_job("check-dns-soon")
    assert job.period_at(datetime(2026, 11, 24, 8, 44, 59, tzinfo=UTC)) == "2026-11-24T08:30Z"
    assert job.check_period("2026-11-24T08:30Z") == "2026-11-24T08:30Z"
