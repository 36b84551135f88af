"""A schedule in UTC is due at the same instants whatever the clocks of Stockholm do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samdrift.operations.schedule import Schedule


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "last", "coming"),
    [
        ("every 5 min", "2026-10-25T00:07", "2026-10-25T00:05", "2026-10-25T00:10"),
        ("hourly :05", "2026-10-25T00:04", "2026-10-24T23:05", "2026-10-25T00:05"),
        ("daily 01:15", "2026-03-29T01:15", "2026-03-29T01:15", "2026-03-30T01:15"),
        ("weekly mon 03:00", "2026-11-02T02:59", "2026-10-26T03:00", "2026-11-02T03:00"),
        ("monthly 2 04:00", "2026-01-01T00:00", "2025-12-02T04:00", "2026-01-02T04:00"),
        ("monthly 28 04:00", "2026-02-28T04:00", "2026-02-28T04:00", "2026-03-28T04:00"),
    ],
)
def test_last_and_next_stand_around_the_instant(text, now, last, coming):
    schedule = Schedule.parse(text)
    assert (schedule.last(at(now)), schedule.next(at(now))) == (at(last), at(coming))


@pytest.mark.parametrize(("begin", "hours"), [("2026-03-01T00:00", 743), ("2026-10-01T00:00", 745)])
def test_an_hourly_job_is_due_once_in_every_hour_of_a_month_with_a_clock_change(begin, hours):
    from samdrift.model.period import Month

    month = Month.of(at(begin) + timedelta(days=3))
    assert Schedule.parse("hourly :05").missed(month.start, month.end, timedelta(0)) == hours


@pytest.mark.parametrize("text", ["daily 24:00", "daily 1:15", "every 0 min", "monthly 31 04:00", "weekly sön 03:00", "01:15 daily"])
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(ValueError, match="is no schedule"):
        Schedule.parse(text)
