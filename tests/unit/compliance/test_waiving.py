"""A waiver covers its subject, check and days, and no more; from its `until` on the finding is open again and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from samdrift.model.finding import Finding, Severity, Status, Subject
from samdrift.model.nouns.waiver import Waiver
from samdrift.model.waiving import apply_waivers

NAMES = {"zone:are-example": "zone:are.example"}
FOUND = Finding("dnssec-ds-matches", "stale-ds", Subject("zone", "are.example", "ds-4711-2"), Status.WARNING, Severity.WARNING, "", datetime(2026, 11, 24, tzinfo=UTC))


def waived(*, subject: str = "zone:are-example", check: str = "dnssec-ds-matches", start: str = "2026-11-01", until: str = "2026-12-01", at: str = "2026-11-24T12:00:00+01:00") -> Finding:
    row = Waiver.model_validate({"id": "w1", "subject": subject, "check": check, "reason": "why", "owner": "it@are.example", "from": start, "until": until})
    (one,) = apply_waivers([FOUND], [row], at=datetime.fromisoformat(at), names=NAMES)
    return one


@pytest.mark.parametrize("given", [{}, {"check": "dnssec-ds-matches/stale-ds"}, {"subject": "zone:are.example"}, {"subject": "zone:are-example/ds-4711-2"}])
def test_it_is_waived(given):
    one = waived(**given)
    assert (one.status, one.waiver, one.severity) == (Status.WAIVED, "w1", Severity.WARNING)


@pytest.mark.parametrize("given", [{"check": "dnssec-ds-matches/no-valid-key"}, {"check": "dnssec-chain"}, {"subject": "zone:berg.example"}, {"subject": "zone:are-example/ds-1-2"}, {"start": "2026-11-25"}])
def test_it_stays_open(given):
    one = waived(**given)
    assert (one.status, one.waiver, "waiver_expired" in one.value) == (Status.WARNING, None, False)


def test_from_its_until_it_is_open_and_says_so():
    assert waived(until=str(date(2026, 11, 24)), at="2026-11-23T23:59:59+01:00").status is Status.WAIVED
    one = waived(until=str(date(2026, 11, 24)), at="2026-11-24T00:00:00+01:00")
    assert (one.status, one.value["waiver_expired"]) == (Status.WARNING, True)


def test_what_is_well_or_unknown_is_never_waived():
    row = Waiver.model_validate({"id": "w1", "subject": "all", "check": "dnssec-ds-matches", "reason": "why", "owner": "x", "until": "2026-12-01"})
    for status in (Status.OK, Status.UNDETERMINED, Status.NOT_APPLICABLE):
        (one,) = apply_waivers([replace(FOUND, status=status)], [row], at=datetime(2026, 11, 24, tzinfo=UTC))
        assert one.status is status
