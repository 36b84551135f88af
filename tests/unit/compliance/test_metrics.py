"""Metrics of checks say the verdict of a subject once, leave out what is unknown, and date signatures."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.compliance.metrics import samples
from samdrift.model.finding import Finding, Reason, Severity, Status, Subject
from samdrift.operations.registered_checks import registered_checks

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def finding(check: str, status: Status, *, zone: str = "are.example", **value) -> Finding:
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    return Finding(check, str(status), Subject("zone", zone), status, Severity.INFO, "", AT, member="are", reason=reason, value=value)


def found(*findings: Finding) -> dict[tuple[str, ...], object]:
    return {(one.metric.removeprefix("samdrift_"), *(value for key, value in sorted(one.labels.items()) if key not in {"member", "view", "zone"})): one.value for one in samples(findings, registered_checks(), run_at=None)}


def test_a_verdict_is_the_worst_finding_of_a_check():
    said = found(finding("dnssec-ds-matches", Status.FAILURE), finding("dnssec-ds-matches", Status.WARNING), finding("delegation-ns-count", Status.OK))
    assert said == {
        ("check_findings", "dnssec-ds-matches", "failure"): 1,
        ("check_findings", "delegation-ns-count", "ok"): 1,
        ("zone_status", "dnssec"): 4,
        ("zone_status", "delegation"): 0,
    }


def test_the_unknown_has_no_zone_status():
    said = found(finding("dnssec-ds-matches", Status.UNDETERMINED), finding("dnssec-rrsig-valid", Status.OK))
    assert ("zone_status", "dnssec") not in said
    assert said["check_findings", "dnssec-ds-matches", "undetermined"] == 1


def test_the_earliest_signature_dates_the_zone():
    said = found(
        finding("dnssec-rrsig-lifetime", Status.FAILURE, expires_at="2026-11-25T00:00:00Z"), finding("dnssec-rrsig-lifetime", Status.WARNING, expires_at="2026-11-28T00:00:00Z")
    )
    assert said["zone_signature_expiry_timestamp_seconds",] == 1795564800


def test_a_key_on_its_way_is_dated_by_its_step():
    moving = {"key_tag": 4711, "state": "published", "since_at": "2026-11-20T00:00:00Z"}
    said = found(finding("dnssec-rollover", Status.WARNING, **moving), finding("dnssec-rollover", Status.OK))
    assert said["rollover_step_timestamp_seconds", "4711", "published"] == 1795132800
