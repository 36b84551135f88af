"""Findings come back as they were written; what is current, and since when, is asked of the rows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.model.finding import Evidence, Finding, History, Reason, Remedy, Severity, Status, Subject
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import evidence, findings
from samdrift.store.finding_history import Sight, history_of, tell_enough
from samdrift.store.runs import start_run
from tests.unit.store.conftest import AT

ZONE = Subject("zone", "are.example")
PIECE = Evidence("ev-5b0c9a41d2e7f3861c04", "dns", b"\x00\xff wire", AT, {"server": "ns1.are.example", "ttl": 300})


def finding(code="ds-mismatch", status=Status.FAILURE, *, subject=ZONE, at=AT, member="are", message="m", **rest):
    return Finding("dnssec-ds-matches", code, subject, status, Severity.FAILURE, message, at, member=member, **rest)


def put(store, found, *, at=AT, pieces=()):
    with store.write() as connection:
        run = start_run(connection, job="check-compliance", subject="all", at=at)
        findings.record(connection, run.id, found, pieces)
    return run.id


def now(store, viewer=OPERATIONS, **rest):
    with store.read() as connection:
        return findings.current(connection, viewer=viewer, **rest)


def test_a_finding_comes_back_whole(store):
    given = finding(
        subject=Subject("zone", "are.example", "ns1"), site="hall-are", view="internal", reason=Reason.TIMEOUT, value={"a": 1, "b": ["x", {"c": None}], "d": True},
        evidence=(PIECE.id,), remedy=Remedy("gör så", "DS 1 13 2", "samdrift check run", "are"), waiver="w-1", members=("are", "berg"), message="Åäö – ✓",
    )  # fmt: skip
    run = put(store, [given], pieces=[PIECE])
    with store.read() as connection:
        (found,) = findings.of_run(connection, run, viewer=OPERATIONS)
        assert evidence.find(connection, PIECE.id, viewer=OPERATIONS) == PIECE
        assert evidence.of_run(connection, run, viewer=member_viewer("berg")) == [PIECE]
        assert evidence.find(connection, PIECE.id, viewer=member_viewer("krokom")) is None
    assert found == given.__class__(**{**{name: getattr(given, name) for name in given.__slots__}, "value": {"a": 1, "b": ("x", {"c": None}), "d": True}})


def test_the_newest_run_of_a_subject_is_what_is_current(store):
    put(store, [finding("ds-mismatch"), finding("ds-algorithm", Status.WARNING)])
    put(store, [finding("ds-mismatch", subject=Subject("zone", "berg.example"))], at=AT + timedelta(hours=1))
    put(store, [finding("ok", Status.OK, at=AT + timedelta(hours=2))], at=AT + timedelta(hours=2))
    assert [(str(each.subject), each.code) for each, _ in now(store)] == [("zone:are.example", "ok"), ("zone:berg.example", "ds-mismatch")]
    assert [each.code for each, _ in now(store, subjects=[ZONE])] == ["ok"]
    assert now(store, checks=["contract-ends"]) == []
    assert now(store, subjects=[]) == []


def test_views_of_one_zone_stand_side_by_side(store):
    put(store, [finding(view="public"), finding("ok", Status.OK, view="internal")])
    put(store, [finding("ok", Status.OK, view="public")], at=AT + timedelta(hours=1))
    assert [(each.view, each.code) for each, _ in now(store)] == [("internal", "ok"), ("public", "ok")]


def test_history_counts_the_runs_it_stands_and_when_it_was_last_well(store):
    for hour, status in enumerate([Status.FAILURE, Status.OK, Status.FAILURE, Status.UNDETERMINED, Status.FAILURE]):
        code = {Status.OK: "ok", Status.UNDETERMINED: "undetermined"}.get(status, "ds-mismatch")
        put(store, [finding(code, status, at=AT + timedelta(hours=hour))], at=AT + timedelta(hours=hour))
    ((_, history),) = now(store)
    assert history == History(AT + timedelta(hours=2), AT + timedelta(hours=1), 2, flapping=False)


def test_a_row_keeps_its_history_so_that_old_rows_need_not_be_read(store):
    for day in range(3):
        put(store, [finding(at=AT + timedelta(days=day))], at=AT + timedelta(days=day))
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM finding WHERE run_at < (SELECT max(run_at) FROM finding)")
    put(store, [finding(at=AT + timedelta(days=30))], at=AT + timedelta(days=30))
    assert [history for _, history in now(store)] == [History(AT, None, 4, flapping=False)]


def test_a_row_from_before_histories_were_kept_is_told_from_all_rows(store):
    for day in range(20):
        put(store, [finding(at=AT + timedelta(days=day))], at=AT + timedelta(days=day))
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE finding SET runs_open = NULL, first_seen_at = NULL")
    assert [history for _, history in now(store)] == [History(AT, None, 20, flapping=False)]
    put(store, [finding(at=AT + timedelta(days=20))], at=AT + timedelta(days=20))
    assert [history for _, history in now(store)] == [History(AT, None, 21, flapping=False)]


def test_a_zone_with_a_new_owner_begins_anew(store):
    put(store, [finding(member="are")])
    put(store, [finding(member="berg", at=AT + timedelta(days=1))], at=AT + timedelta(days=1))
    assert [history for _, history in now(store)] == [History(AT + timedelta(days=1), None, 1, flapping=False)]


def test_what_was_well_again_without_a_row_of_its_own_was_well_then(store):
    put(store, [finding("ok", Status.OK)])
    later = AT + timedelta(hours=3)
    with store.write() as connection:
        findings.record_well(connection, {("dnssec-ds-matches", "zone", "are.example", "public"): later, ("mail-mx", "zone", "are.example", "public"): later}, since=AT - timedelta(hours=1))
    assert [history.last_ok_at for _, history in now(store)] == [later]
    put(store, [finding(at=AT + timedelta(hours=4))], at=AT + timedelta(hours=4))
    assert [history for _, history in now(store)] == [History(AT + timedelta(hours=4), later, 1, flapping=False)]


def test_two_of_one_code_become_the_worse_with_both_texts(store):
    run = put(store, [finding(message="a", status=Status.WARNING), finding(message="b")])
    with store.read() as connection:
        (found,) = findings.of_run(connection, run, viewer=OPERATIONS)
    assert (found.status, found.message) == (Status.FAILURE, "a; b")


def test_findings_of_a_run_that_is_not_there_are_refused(store):
    with pytest.raises(KeyError), store.write() as connection:
        findings.record(connection, "K-0000", [finding()])


def test_findings_are_added_to_a_run_in_parts(store):
    run = put(store, [finding()])
    with store.write() as connection:
        findings.record(connection, run, [finding("ds-algorithm")])
    with store.read() as connection:
        assert [each.code for each in findings.of_run(connection, run, viewer=OPERATIONS)] == ["ds-algorithm", "ds-mismatch"]


def test_a_member_sees_its_own_and_what_it_shares(store):
    own = finding(subject=Subject("zone", "are.example"))
    shared = finding(subject=Subject("service", "heroma"), member="shared", members=("krokom", "ostersund"))
    nobodys = finding(subject=Subject("site", "hall-are"), member="shared")
    outside = finding(subject=Subject("zone", "other.example"), member=None)
    put(store, [own, shared, nobodys, outside])
    seen = {member: [str(each.subject) for each, _ in now(store, member_viewer(member))] for member in ("are", "krokom", "berg")}
    assert seen == {"are": ["zone:are.example"], "krokom": ["service:heroma"], "berg": []}
    assert len(now(store)) == 4
    assert [str(each.subject) for each, _ in now(store, member="krokom")] == ["service:heroma"]


def test_the_same_evidence_is_kept_once(store):
    put(store, [finding(evidence=(PIECE.id,))], pieces=[PIECE])
    put(store, [finding(evidence=(PIECE.id,))], pieces=[PIECE, PIECE], at=AT + timedelta(hours=1))
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM evidence").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM finding_evidence").scalar() == 2


STATUS = st.sampled_from([Status.OK, Status.FAILURE, Status.WARNING, Status.UNDETERMINED, Status.NOT_APPLICABLE])


@given(st.lists(STATUS, min_size=1, max_size=30), st.integers(1, 12))
def test_what_rows_keep_tells_the_same_as_all_rows(statuses, window):
    told = {Status.FAILURE, Status.WARNING, Status.UNDETERMINED}
    bare: list[Sight] = []
    kept: list[Sight] = []
    for hour, status in enumerate(statuses):
        code = "ds-mismatch" if status in {Status.FAILURE, Status.WARNING} else status.value
        found = finding(code, status, at=AT + timedelta(hours=hour))
        sight = Sight((AT + timedelta(hours=hour), "K"), None, code, status, found.observed_at)
        bare.append(sight)
        newest = kept[-window:]
        history = history_of([*(newest if tell_enough(newest, is_open=code == "ds-mismatch") else kept), sight], found)
        kept.append(replace(sight, kept=history) if status in told else sight)
        whole = history_of(bare, found)
        if status in told:
            assert (history.first_seen_at, history.last_ok_at, history.runs_open) == (whole.first_seen_at, whole.last_ok_at, whole.runs_open)


@given(st.lists(STATUS, max_size=20))
def test_history_is_that_of_the_unbroken_tail(past):
    statuses = [*past, Status.FAILURE]
    sights = [
        Sight((AT + timedelta(hours=hour), "K"), None, "ds-mismatch" if status in {Status.FAILURE, Status.WARNING} else status.value, status, AT + timedelta(hours=hour))
        for hour, status in enumerate(statuses)
    ]
    found = history_of(reversed(sights), finding(at=sights[-1].observed_at))
    judged = [status for status in statuses if status is not Status.UNDETERMINED]
    standing = 0
    for status in reversed(judged):
        if status not in {Status.FAILURE, Status.WARNING}:
            break
        standing += 1
    assert found.runs_open == standing
    assert found.first_seen_at is not None
    assert (found.last_ok_at is not None) == (Status.OK in statuses)
