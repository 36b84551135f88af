"""Daily usage: the roll-up's rows by day, resource and owner, replaced as a whole; and whose a resource was (costs.md M7, M9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from samdrift.model.ownership import Ownership
from samdrift.model.quantity import exact
from samdrift.model.reading import DailyUsage, Quality
from samdrift.model.viewer import Viewer
from samdrift.store.tables.reading import daily_usage, daily_usage_member, resource_owner
from samdrift.store.visibility import concerned, seen_by, write_members

Owners = Mapping[tuple[str, date], Ownership]
"""(resource, local day) → whose it was that day."""


def replace_days(connection: Connection, meter: str, *, first: date, last: date, rows: Iterable[DailyUsage], owners: Owners) -> int:
    """Put the roll-up of a meter's days [first, last] in the place of what was there; gives how many rows.

    A row is read by its owner's member; a shared one by all who own the resource that day.
    """
    days = (daily_usage.c.meter == meter) & (daily_usage.c.day >= first) & (daily_usage.c.day <= last)
    days_of_members = (daily_usage_member.c.meter == meter) & (daily_usage_member.c.day >= first) & (daily_usage_member.c.day <= last)
    connection.execute(delete(daily_usage_member).where(days_of_members))
    connection.execute(delete(daily_usage).where(days))
    written = [(_key(row), row) for row in rows]
    if written:
        connection.execute(insert(daily_usage), [key | {"quantity_base": row.quantity_base, "seconds": row.seconds} for key, row in written])
    write_members(connection, daily_usage_member, (key | {"member": member} for key, row in written for member in _readers(row, owners)))
    return len(written)


def _key(row: DailyUsage) -> dict[str, Any]:
    return {"day": row.day, "meter": row.meter, "resource": row.resource, "owner": row.member, "quality": row.quality.value}


def _readers(row: DailyUsage, owners: Owners) -> tuple[str, ...]:
    own = concerned(row.member)
    return own or owners.get((row.resource, row.day), Ownership((), None)).members


def daily(connection: Connection, *, viewer: Viewer, first: date, last: date, meter: str | None = None) -> list[DailyUsage]:
    """The roll-up of the local days [first, last], sorted."""
    query = select(daily_usage).where(daily_usage.c.day >= first, daily_usage.c.day <= last, seen_by(viewer, daily_usage, daily_usage_member))
    if meter is not None:
        query = query.where(daily_usage.c.meter == meter)
    found = [
        DailyUsage(row.day, row.meter, row.resource, row.owner, Quality(row.quality), row.quantity_base, row.seconds) for row in connection.execute(query)
    ]
    return sorted(found, key=lambda row: (row.day, row.meter, row.resource, row.member, row.quality))


def put_owner(connection: Connection, resource: str, day: date, ownership: Ownership) -> bool:
    """Keep whose a resource is from this local day on; gives whether that is a change."""
    if owners(connection, [resource], first=day, last=day).get((resource, day)) == ownership:
        return False
    same = (resource_owner.c.resource == resource) & (resource_owner.c.from_day == day)
    connection.execute(delete(resource_owner).where(same))
    shares = None if ownership.shares is None else {member: exact(share) for member, share in ownership.shares.items()}
    connection.execute(insert(resource_owner).values(resource=resource, from_day=day, members=list(ownership.members), shares=shares))
    return True


def owners(connection: Connection, resources: Collection[str] | None = None, *, first: date, last: date) -> dict[tuple[str, date], Ownership]:
    """Whose each resource was on each local day of [first, last]; a day before its first row is missing. Not for a viewer: it decides what one sees."""
    query = select(resource_owner).where(resource_owner.c.from_day <= last).order_by(resource_owner.c.resource, resource_owner.c.from_day)
    if resources is not None:
        query = query.where(resource_owner.c.resource.in_(sorted(set(resources))))
    found: dict[tuple[str, date], Ownership] = {}
    for row in connection.execute(query):
        ownership = Ownership(row.members, None if row.shares is None else {member: Fraction(share) for member, share in row.shares.items()})
        begin = max(row.from_day, first)
        for number in range((last - begin).days + 1):
            found[(row.resource, begin + timedelta(days=number))] = ownership
    return found
