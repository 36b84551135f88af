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


def told_of_secondaries(row):
    return {(one.metric.removeprefix("samdrift_secondary_"), one.labels["address"]): one.value for one in memory_metrics.secondaries([row])}


def test_secondaries_give_lag_and_expiry_by_address_each_beside_its_zones_own_limit():
    behind = row("dns-secondary-lag", "behind", Status.WARNING, address="10.0.0.1", lag_seconds=7200, lag_limit_seconds=5400, expires_in_seconds=600, expire_seconds=86_402)
    assert told_of_secondaries(behind) == {
        ("lag_seconds", "10.0.0.1"): 7200, ("lag_limit_seconds", "10.0.0.1"): 5400,
        ("expiry_timestamp_seconds", "10.0.0.1"): int(AT.timestamp()) + 600, ("expiry_limit_seconds", "10.0.0.1"): Fraction(86_402, 4),
    }  # fmt: skip


def test_secondaries_that_keep_up_give_their_lag_and_no_expiry():
    well = row("dns-secondary-lag", "ok", Status.OK, lag_seconds={"10.0.0.1": 0, "10.0.0.2": 60}, lag_limit_seconds={"10.0.0.1": 5400, "10.0.0.2": 5400})
    assert told_of_secondaries(well) == {(name, address): value for address, lag in (("10.0.0.1", 0), ("10.0.0.2", 60)) for name, value in (("lag_seconds", lag), ("lag_limit_seconds", 5400))}


def test_what_another_check_says_of_lag_is_no_series():
    assert told_of_secondaries(row("dns-serial", "ok", Status.OK, lag_seconds=1)) == {}
