"""Each run leaves one row with an honest end."""

from datetime import timedelta

import pytest

from samdrift.model.errors import Interrupted, LockHeld
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store.lock import job_lock_of
from samdrift.store.recorded import recorded_run
from samdrift.store.runs import end_run, find_run, list_runs, start_run
from tests.unit.store.conftest import AT


def runs(store, viewer=OPERATIONS):
    with store.read() as connection:
        return list_runs(connection, viewer=viewer)


def test_a_run_comes_back_as_it_was_written(store):
    with store.write() as connection:
        opened = start_run(connection, job="check-compliance", subject="zone:are.example", at=AT, period="2026-11-23")
        end_run(connection, opened.id, at=AT + timedelta(seconds=4), outcome=Outcome.PARTIAL, counts={"judged": 10, "undetermined": 2}, reasons=["timeout"])
    (found,) = runs(store)
    assert found == opened.__class__(
        opened.id, "check-compliance", "zone:are.example", AT, AT + timedelta(seconds=4), Outcome.PARTIAL, "2026-11-23", opened.host, opened.pid,
        {"judged": 10, "undetermined": 2}, ("timeout",),
    )  # fmt: skip
    with store.read() as connection:
        assert find_run(connection, opened.id, viewer=OPERATIONS) == found


def test_ids_that_clash_are_lengthened(store):
    with store.write() as connection:
        made = [start_run(connection, job="same", subject="same", at=AT) for _ in range(4)]
    assert len({each.id for each in made}) == 4
    assert [len(each.id) for each in made] == [6, 7, 8, 9]


def test_a_block_without_a_word_ends_ok(store):
    with recorded_run(store, job="j", subject="s", clock=lambda: AT) as run:
        run.count("judged", 3)
        run.count("judged")
    assert [(each.outcome, each.counts) for each in runs(store)] == [(Outcome.OK, {"judged": 4})]


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.FAILED, Outcome.NOTHING_TO_DO])
def test_a_block_ends_as_it_says(store, outcome):
    with recorded_run(store, job="j", subject="s") as run:
        run.end_as(outcome, "timeout", "timeout")
    assert [(each.outcome, each.reasons) for each in runs(store)] == [(outcome, ("timeout",))]


@pytest.mark.parametrize(("error", "outcome"), [(RuntimeError("x"), Outcome.FAILED), (Interrupted("x"), Outcome.INTERRUPTED), (KeyboardInterrupt(), Outcome.INTERRUPTED)])
def test_an_error_ends_the_row_and_passes_on(store, error, outcome):
    with pytest.raises(type(error)), recorded_run(store, job="j", subject="s"):
        raise error
    assert [each.outcome for each in runs(store)] == [outcome]


def test_a_killed_run_is_told_as_interrupted_by_the_next(store):
    with store.write() as connection:
        killed = start_run(connection, job="j", subject="s", at=AT)
        other = start_run(connection, job="other", subject="s", at=AT)
    with recorded_run(store, job="j", subject="s"):
        pass
    found = {each.id: each for each in runs(store)}
    assert (found[killed.id].outcome, found[killed.id].reasons) == (Outcome.INTERRUPTED, ("killed",))
    assert found[other.id].outcome is None


def test_a_run_that_meets_the_lock_leaves_no_row(store):
    with job_lock_of(store, "j", at=AT), pytest.raises(LockHeld), recorded_run(store, job="j", subject="s"):
        pytest.fail("two at once")
    assert runs(store) == []


def test_an_end_is_not_rewritten(store):
    with store.write() as connection:
        opened = start_run(connection, job="j", subject="s", at=AT)
        end_run(connection, opened.id, at=AT, outcome=Outcome.FAILED)
        end_run(connection, opened.id, at=AT, outcome=Outcome.OK)
    assert [each.outcome for each in runs(store)] == [Outcome.FAILED]


def test_a_member_sees_its_own_runs_alone(store):
    with store.write() as connection:
        mine = start_run(connection, job="j", subject="member:are", at=AT, members=["are"])
        start_run(connection, job="j", subject="member:berg", at=AT, members=["berg"])
        joint = start_run(connection, job="j", subject="all", at=AT)
    assert [each.id for each in runs(store, member_viewer("are"))] == [mine.id]
    with store.read() as connection:
        assert find_run(connection, joint.id, viewer=member_viewer("are")) is None
