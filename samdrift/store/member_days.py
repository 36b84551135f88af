"""Member days: the daily roll-up summed over resources, which is all that a split by key reads (costs.md 9, M9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection, func, select

from samdrift.model.reading import DailyUsage, Quality
from samdrift.model.viewer import Viewer
from samdrift.store.tables.reading import daily_usage, daily_usage_member
from samdrift.store.visibility import seen_by


def member_days(connection: Connection, *, viewer: Viewer, first: date, last: date, meters: Collection[str]) -> list[DailyUsage]:
    """One row a (day, meter, owner, quality) of the local days [first, last], its resource empty.

    Quantities are joined as text and added here, because no database of ours adds whole numbers beyond 64 bits alike; a day at a time,
    for a national day of 290 000 resources is some megabytes.
    """
    table = daily_usage.c
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for meter in sorted(meters):
            query = (
                select(table.owner, table.quality, func.aggregate_strings(table.quantity_base, ","))
                .where(table.day == day, table.meter == meter, seen_by(viewer, daily_usage, daily_usage_member))
                .group_by(table.owner, table.quality)
            )
            for owner, quality, joined in connection.execute(query):
                found.append(DailyUsage(day, meter, "", owner, Quality(quality), _sum(joined)))
    return sorted(found, key=lambda row: (row.day, row.meter, row.member, row.quality))


def _sum(joined: str) -> Fraction:
    parts = joined.split(",")
    return Fraction(sum(map(int, parts))) if "/" not in joined else sum(map(Fraction, parts), Fraction(0))
