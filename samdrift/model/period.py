"""Period: Stockholm months and days as half-open UTC instants; the one module that knows them (costs.md X5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEARS = range(1900, 2200)
"""Years that a month or a document may lie in; a calendar ends at 9999, and a slip of the finger should not reach it."""


def local_midnight(day: date) -> datetime:
    """The UTC instant at which the Stockholm day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in Europe/Stockholm; [start, end) in UTC, 667 to 745 hours long."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """From `2026-10`; ValueError says what is wrong."""
        found = _MONTH.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no month; write YYYY-MM")
        if int(found[1]) not in YEARS:
            raise ValueError(f"{text!r} is no month of {YEARS.start} to {YEARS.stop - 1}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, instant: datetime) -> Month:
        """The Stockholm month that holds the aware instant."""
        local = instant.astimezone(STOCKHOLM)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> Month:
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def start(self) -> datetime:
        return local_midnight(self.first_day)

    @property
    def end(self) -> datetime:
        return local_midnight(self.next.first_day)

    @property
    def until_day(self) -> date:
        """The first day that is no longer of it."""
        return self.next.first_day

    def days(self) -> list[date]:
        """The local dates of the month, in order."""
        count = (self.next.first_day - self.first_day).days
        return [self.first_day + timedelta(days=number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class LocalDays:
    """A run of Stockholm days: [first_day, until_day); [start, end) in UTC."""

    first_day: date
    until_day: date

    @property
    def start(self) -> datetime:
        return local_midnight(self.first_day)

    @property
    def end(self) -> datetime:
        return local_midnight(self.until_day)

    def days(self) -> list[date]:
        """The local dates, in order."""
        return [self.first_day + timedelta(days=number) for number in range((self.until_day - self.first_day).days)]


def local_day(instant: datetime) -> date:
    """The Stockholm date of an aware instant."""
    return instant.astimezone(STOCKHOLM).date()


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC, as the store keeps instants."""
    return (require_aware(instant) - EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """The aware UTC instant of the store's integer."""
    return EPOCH + timedelta(microseconds=value)


def require_aware(instant: datetime) -> datetime:
    """The instant itself, when it has an offset; ValueError when it has none."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no offset")
    return instant


def read_instant(text: str) -> datetime:
    """An RFC 3339 time with offset, as UTC; ValueError says what is wrong."""
    try:
        return require_aware(datetime.fromisoformat(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time; write RFC 3339 with offset: 2026-11-23T08:00:00+01:00") from None


def rfc3339(instant: datetime) -> str:
    """The instant as RFC 3339 in UTC with Z, without a fraction when it is whole."""
    return require_aware(instant).astimezone(UTC).isoformat().replace("+00:00", "Z")
