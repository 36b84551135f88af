"""A job runs alone, leaves an honest end, and is not done twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from samdrift.model.errors import CouldNotObserve, Interrupted, LockHeld, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.settings import Settings
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations import run_job as run_job_module
from samdrift.operations.job_work import JobDone
from samdrift.operations.jobs import JOBS, Job, find_job
from samdrift.operations.list_jobs import list_jobs
from samdrift.operations.run_job import run_job
from samdrift.store import open_store, runs

AT = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
INVENTORY = Inventory("inventory", Settings(plugin="samdrift", version=1, host_organisation="region-jh"), {})


class Planned(Job):
    """A job whose work is given by the test."""

    __slots__ = ("does",)

    def work(self):
        return self.does


def job(does, *, once=True, period="month", timeout_seconds=60):
    made = Planned("issue-reports", "Reports", "monthly 2 03:00", period, timeout_seconds, "none:none", once)
    object.__setattr__(made, "does", does)
    return made


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "state"
    with open_store(folder, create=True) as opened:
        yield opened


def rows(store):
    with store.read() as connection:
        return runs.list_runs(connection, viewer=OPERATIONS)


def test_a_run_is_recorded_with_its_period_counts_and_outcome(store):
    run, code = run_job(job(lambda work: JobDone(Outcome.OK, {"reports": 11})), INVENTORY, store, at=AT)
    assert (run.period, run.outcome, dict(run.counts), code) == ("2026-10", Outcome.OK, {"reports": 11}, 0)
    assert [(row.id, row.outcome) for row in rows(store)] == [(run.id, Outcome.OK)]


def test_a_period_done_well_leaves_nothing_to_do_and_no_row(store):
    done = job(lambda work: JobDone(Outcome.OK))
    run_job(done, INVENTORY, store, at=AT)
    for _ in range(3):
        run, code = run_job(done, INVENTORY, store, at=AT)
        assert (run.outcome, code) == (Outcome.NOTHING_TO_DO, 0)
    assert len(rows(store)) == 1


@pytest.mark.parametrize(
    ("raised", "outcome", "reason"),
    [
        (CouldNotObserve("the hall does not answer"), Outcome.FAILED, "the hall does not answer"),
        (ValueError("secret"), Outcome.FAILED, "own fault: ValueError"),
        (Interrupted("asked to end"), Outcome.INTERRUPTED, "interrupted"),
        (KeyboardInterrupt(), Outcome.INTERRUPTED, "interrupted"),
    ],
)
def test_whatever_ends_the_work_the_row_says_so_and_the_lock_is_free(store, raised, outcome, reason):
    def fail(work):
        raise raised

    with pytest.raises(type(raised)):
        run_job(job(fail), INVENTORY, store, at=AT)
    assert [(row.outcome, row.reasons) for row in rows(store)] in ([(outcome, (reason,))], [(outcome, [reason])])
    assert run_job(job(lambda work: JobDone(Outcome.OK)), INVENTORY, store, at=AT)[1] == 0


def test_work_that_hangs_is_ended_and_failed(store, monkeypatch):
    monkeypatch.setattr(run_job_module, "GRACE_SECONDS", 0)
    run, code = run_job(job(lambda work: threading.Event().wait(60), timeout_seconds=1), INVENTORY, store, at=AT)
    assert (run.outcome, run.reasons[0], code) == (Outcome.FAILED, "deadline", 3)


def test_a_second_run_at_the_same_time_is_refused_naming_the_holder(store):
    def inside(work):
        with pytest.raises(LockHeld, match=r"host .*, process \d+, since 2"):
            run_job(job(lambda work: JobDone(Outcome.OK)), INVENTORY, store, at=AT)
        return JobDone(Outcome.OK)

    run_job(job(inside), INVENTORY, store, at=AT)
    assert [row.outcome for row in rows(store)] == [Outcome.OK]


def test_a_period_of_another_kind_is_refused_with_an_example(store):
    for text in ("2026-10-25", "2026-13", "2026-1", "now"):
        with pytest.raises(WrongUse) as caught:
            run_job(job(lambda work: JobDone(Outcome.OK)), INVENTORY, store, at=AT, period=text)
        assert caught.value.help == "write --period 2026-10"


@pytest.mark.parametrize(("kind", "expected"), [("hour", "2026-11-02T03Z"), ("day", "2026-11-02"), ("week", "2026-W45"), ("month", "2026-10")])
def test_a_period_is_read_as_it_is_written(kind, expected):
    made = job(None, period=kind)
    assert made.period_at(AT) == expected
    assert made.check_period(expected) == expected


def test_missed_periods_count_what_was_due_and_not_done_well(store):
    failing = job(lambda work: JobDone(Outcome.PARTIAL, reasons=("one hall",)))
    assert [state.missed_periods for state in list_jobs(store, viewer=OPERATIONS, at=AT, jobs=[failing])] == [None]
    run_job(job(lambda work: JobDone(Outcome.OK)), INVENTORY, store, at=AT)
    never_well = job(lambda work: JobDone(Outcome.FAILED), once=False)
    object.__setattr__(never_well, "id", "collect-usage")
    run_job(never_well, INVENTORY, store, at=AT)
    later = max(AT, datetime.now(UTC)).replace(year=2027)
    assert list_jobs(store, viewer=OPERATIONS, at=later, jobs=[never_well])[0].missed_periods >= 10
    state = list_jobs(store, viewer=OPERATIONS, at=later, jobs=[failing])[0]
    assert state.missed_periods is not None
    assert state.missed_periods >= 10
    assert state.last_run.outcome is Outcome.OK


def test_every_row_of_the_table_has_a_schedule_and_work_that_is_there():
    for row in JOBS:
        assert row.due.next(AT) > AT
        assert callable(row.work()), row.id


def test_an_unknown_job_names_where_they_are_listed():
    with pytest.raises(UnknownId) as caught:
        find_job("no-such-job-anywhere")
    assert caught.value.help == "list them: samdrift jobs"
