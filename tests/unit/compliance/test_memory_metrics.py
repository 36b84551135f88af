"""Metrics of what checks remember: reachability from the second run, flapping apart, own alerts left out, the unknown absent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from samdrift.compliance import memory_metrics
from samdrift.compliance.score import Score
from samdrift.model.finding import Finding, History, Reason, Severity, Status, Subject

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FRESH = AT - timedelta(hours=2)


def row(check: str, code: str, status: Status, *, runs: int = 1, first: datetime = FRESH, flapping: bool = False, **value):
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    return Finding(check, code, Subject("zone", "are.example"), status, Severity.INFO, "m", AT, member="are", reason=reason, value=value), History(first, None, runs, flapping)


def new(*rows):
    return {(one.labels["check"], one.labels["flapping"]): one.value for one in memory_metrics.new_findings(rows, at=AT)}


def test_reachability_is_told_from_the_second_run_and_the_rest_at_once():
    assert new(row("mail-spf", "none", Status.FAILURE))["mail-spf", "false"] == 1
    assert new(row("ipv6-ns-reachable", "unreachable", Status.FAILURE))["ipv6-ns-reachable", "false"] == 0
    assert new(row("ipv6-ns-reachable", "unreachable", Status.FAILURE, runs=2))["ipv6-ns-reachable", "false"] == 1


def test_old_waived_and_well_findings_are_not_new():
    old = row("mail-spf", "none", Status.FAILURE, first=AT - timedelta(days=1))
    assert new(old, row("mail-spf", "none", Status.WAIVED), row("mail-spf", "ok", Status.OK)) == {("mail-spf", "false"): 0, ("mail-spf", "true"): 0}


def test_what_flaps_stands_apart():
    assert new(row("mail-spf", "none", Status.FAILURE, flapping=True)) == {("mail-spf", "true"): 1, ("mail-spf", "false"): 0}


def test_what_has_an_alert_of_its_own_is_left_out():
    assert new(row("dnssec-chain", "bogus", Status.FAILURE), row("delegation-exists", "no-working-server", Status.FAILURE, runs=2)) == {}


def unreachable(*rows):
    return [one.value for one in memory_metrics.unreachable_runs(rows)]


def test_runs_in_a_row_without_an_answer_are_counted_and_the_unknown_is_absent():
    assert unreachable(row("delegation-exists", "no-working-server", Status.FAILURE, runs=3)) == [3]
    assert unreachable(row("delegation-exists", "ok", Status.OK, runs=0)) == [0]
    assert unreachable(row("delegation-exists", "undetermined", Status.UNDETERMINED, runs=0)) == []
    assert unreachable(row("delegation-exists", "inconsistent", Status.FAILURE, runs=3)) == [0]


def test_a_score_that_is_none_has_no_series():
    found = memory_metrics.scores([Score("are", "dnssec", Fraction(3, 4), Fraction(1), 2), Score("are", "mail", None, Fraction(1, 2), 2)])
    assert [(one.labels, one.value) for one in found] == [({"category": "dnssec", "member": "are"}, Fraction(3, 4))]


def test_secondaries_give_lag_and_expiry_by_address():
    found = memory_metrics.secondaries([row("dns-secondary-lag", "behind", Status.WARNING, address="10.0.0.1", lag_seconds=7200, expires_in_seconds=600), row("dns-serial", "ok", Status.OK, lag_seconds=1)])
    assert {one.metric.removeprefix("samdrift_secondary_"): one.value for one in found} == {"lag_seconds": 7200, "expiry_timestamp_seconds": int(AT.timestamp()) + 600}
    assert {one.labels["address"] for one in found} == {"10.0.0.1"}


def test_secondaries_that_keep_up_give_their_lag_and_no_expiry():
    found = memory_metrics.secondaries([row("dns-secondary-lag", "ok", Status.OK, lag_seconds={"10.0.0.1": 0, "10.0.0.2": 60})])
    assert [(one.metric, one.labels["address"], one.value) for one in found] == [("samdrift_secondary_lag_seconds", "10.0.0.1", 0), ("samdrift_secondary_lag_seconds", "10.0.0.2", 60)]
