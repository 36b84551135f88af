"""Schedule: when a job is due, in UTC, so that no clock change skips or doubles it (reliability.md R2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EVERY = re.compile(r"every ([1-9][0-9]?) min")
_HOURLY = re.compile(r"hourly :([0-5][0-9])")
_DAILY = re.compile(r"daily ([01][0-9]|2[0-3]):([0-5][0-9])")
_WEEKLY = re.compile(r"weekly (mon|tue|wed|thu|fri|sat|sun) ([01][0-9]|2[0-3]):([0-5][0-9])")
_MONTHLY = re.compile(r"monthly ([1-9]|1[0-9]|2[0-8]) ([01][0-9]|2[0-3]):([0-5][0-9])")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK_BEGIN = datetime(1970, 1, 5, tzinfo=UTC)
"""A Monday."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Due at `phase` after each whole `step` since a Monday; a monthly one at `day` of the month."""

    text: str
    step: timedelta
    phase: timedelta
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """From `every 5 min`, `hourly :05`, `daily 01:15`, `weekly mon 03:00`, `monthly 2 04:00`, all UTC; ValueError else."""
        if found := _EVERY.fullmatch(text):
            return cls(text, timedelta(minutes=int(found[1])), timedelta())
        if found := _HOURLY.fullmatch(text):
            return cls(text, timedelta(hours=1), timedelta(minutes=int(found[1])))
        if found := _DAILY.fullmatch(text):
            return cls(text, timedelta(days=1), timedelta(hours=int(found[1]), minutes=int(found[2])))
        if found := _WEEKLY.fullmatch(text):
            return cls(text, timedelta(weeks=1), timedelta(days=DAYS.index(found[1]), hours=int(found[2]), minutes=int(found[3])))
        if found := _MONTHLY.fullmatch(text):
            return cls(text, timedelta(days=31), timedelta(hours=int(found[2]), minutes=int(found[3])), int(found[1]))
        raise ValueError(f"{text!r} is no schedule; write `every 5 min`, `hourly :05`, `daily 01:15`, `weekly mon 03:00` or `monthly 2 04:00` (UTC)")

    def last(self, at: datetime) -> datetime:
        """The newest instant at or before `at` when it was due."""
        if self.day is None:
            steps = (at - WEEK_BEGIN - self.phase) // self.step
            return WEEK_BEGIN + self.phase + steps * self.step
        due = datetime(at.year, at.month, self.day, tzinfo=UTC) + self.phase
        if due <= at:
            return due
        before = datetime(at.year, at.month, 1, tzinfo=UTC) - timedelta(days=1)
        return datetime(before.year, before.month, self.day, tzinfo=UTC) + self.phase

    def next(self, at: datetime) -> datetime:
        """The first instant after `at` when it is due."""
        if self.day is None:
            return self.last(at) + self.step
        after = datetime(at.year, at.month, 28, tzinfo=UTC) + timedelta(days=4)
        this = datetime(at.year, at.month, self.day, tzinfo=UTC) + self.phase
        return this if this > at else datetime(after.year, after.month, self.day, tzinfo=UTC) + self.phase

    def missed(self, since: datetime, at: datetime, grace: timedelta) -> int:
        """How many times it was due after `since` and `grace` or more before `at`.

        >>> from datetime import datetime, timedelta, UTC
        >>> Schedule.parse("daily 01:15").missed(datetime(2026, 3, 27, 2, tzinfo=UTC), datetime(2026, 3, 30, 2, tzinfo=UTC), timedelta(0))
        3
        """
        due, count = self.next(since), 0
        while due + grace <= at and count < 10_000:
            count += 1
            due = self.next(due)
        return count
