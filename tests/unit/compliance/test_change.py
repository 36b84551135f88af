"""The change list tells what is new, gone, worse and better; what could not be looked at is no change; what flaps is told once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from samdrift.compliance.change import changes, is_worse
from samdrift.model.finding import Finding, History, Reason, Severity, Status, Subject

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EARLIER = AT - timedelta(days=1)


def row(code: str, status: Status, *, part: str | None = None, at: datetime = AT, history: History | None = None, check: str = "dnssec-rrsig-lifetime", zone: str = "are.example"):
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    return Finding(check, code, Subject("zone", zone, part), status, Severity.INFO, "m", at, reason=reason), history or History(first_seen_at=at)


def said(before, after):
    listed, left_out = changes(before, after, at=AT)
    return [(one.change, one.finding.code) for one in listed], left_out


OK = row("ok", Status.OK, at=EARLIER)
WARNING = row("expires", Status.WARNING, part="SOA", at=EARLIER)
FAILURE = row("expires-soon", Status.FAILURE, part="SOA")


def test_new_and_gone():
    assert said([OK], [FAILURE]) == ([("new", "expires-soon")], 0)
    assert said([WARNING], [row("ok", Status.OK)]) == ([("gone", "expires")], 0)
    assert said([WARNING], [row("expires", Status.WARNING, part="SOA")]) == ([], 0)


def test_a_code_that_another_replaced_is_worse_or_better():
    assert said([WARNING], [FAILURE]) == ([("worse", "expires-soon")], 0)
    listed, _ = changes([row("expires-soon", Status.FAILURE, part="SOA", at=EARLIER)], [row("expires", Status.WARNING, part="SOA")], at=AT)
    assert [(one.change, one.before.code) for one in listed if one.before] == [("better", "expires-soon")]
    assert not is_worse(listed)


def test_what_is_waived_is_better_and_what_is_no_longer_is_worse():
    waived = row("expires-soon", Status.WAIVED, part="SOA", at=EARLIER)
    assert said([row("expires-soon", Status.FAILURE, part="SOA", at=EARLIER)], [row("expires-soon", Status.WAIVED, part="SOA")]) == ([("better", "expires-soon")], 0)
    listed, _ = changes([waived], [FAILURE], at=AT)
    assert [one.change for one in listed] == ["worse"]
    assert is_worse(listed)


def test_what_could_not_be_looked_at_is_no_change():
    unknown = row("undetermined", Status.UNDETERMINED)
    assert said([WARNING], [unknown]) == ([], 0)
    assert said([row("undetermined", Status.UNDETERMINED, at=EARLIER)], [row("expires", Status.WARNING, history=History(first_seen_at=EARLIER - timedelta(days=2)))]) == ([], 0)
    assert said([row("undetermined", Status.UNDETERMINED, at=EARLIER)], [FAILURE]) == ([("new", "expires-soon")], 0)


def test_only_what_both_judged_is_compared():
    assert said([], [FAILURE]) == ([], 0)
    assert said([FAILURE], [row("ok", Status.OK, zone="berg.example")]) == ([], 0)


def test_what_flaps_is_told_once_a_day():
    def flapping(*hours: int) -> History:
        return History(AT, EARLIER, 1, flapping=True, flapped_at=tuple(AT - timedelta(hours=hour) for hour in hours))

    assert said([OK], [row("expires-soon", Status.FAILURE, history=flapping(80, 60, 40, 0))]) == ([("new", "expires-soon")], 0)
    assert said([OK], [row("expires-soon", Status.FAILURE, history=flapping(6, 4, 2, 0))]) == ([], 1)
