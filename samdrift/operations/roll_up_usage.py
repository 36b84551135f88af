"""Roll up usage: the open month's daily rows and how whole they are, from raw, into the store (costs.md M9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from samdrift.model.inventory import Inventory
from samdrift.model.period import Month, local_day
from samdrift.model.reading import Usage
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.stored_usage import stored_usage
from samdrift.store import Store, raw, usage, usage_quality
from samdrift.store.usage_quality import UsageQuality


def roll_up_usage(inventory: Inventory, store: Store, month: Month, *, at: datetime) -> int:
    """The month's roll-up anew in the place of what was there; gives how many daily rows. An open month alone: a close writes its own."""
    found = stored_usage(inventory, store, month)
    with store.read() as connection:
        dated = usage.owners(connection, first=month.first_day, last=month.days()[-1])
    newest = _newest(store, month, {each.meter for each in found.usage}, at)
    rows = 0
    with store.write() as connection:
        for meter in sorted({row.meter for row in found.daily}):
            own = [row for row in found.daily if row.meter == meter]
            rows += usage.replace_days(connection, meter, first=month.first_day, last=month.days()[-1], rows=own, owners=dated)
        usage_quality.replace_month(connection, month, _qualities(found.usage, newest), at=at)
    return rows


def _qualities(found: Iterable[Usage], newest: dict[tuple[str, str], datetime]) -> list[UsageQuality]:
    by_member: dict[tuple[str, str], list[Usage]] = {}
    for each in found:
        by_member.setdefault((each.meter, each.member), []).append(each)
    return [
        UsageQuality(
            meter, member, _sum(one.quantity_base for one in own), _sum(one.estimated_base for one in own), _sum(one.unmeasured_seconds for one in own),
            sum(one.samples for one in own), sum(one.duplicates for one in own), sum(one.conflicts for one in own), newest.get((meter, member)),
        )
        for (meter, member), own in sorted(by_member.items())
    ]  # fmt: skip


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _newest(store: Store, month: Month, meters: Iterable[str], at: datetime) -> dict[tuple[str, str], datetime]:
    """(meter, member) → its newest reading, looked for in the newest day that the meter has."""
    found: dict[tuple[str, str], datetime] = {}
    with store.read() as connection:
        for meter in meters:
            last = raw.newest_at(connection, meter)
            if last is None:
                continue
            day = max(month.first_day, min(local_day(last), local_day(at)))
            newest = raw.newest_by_member(connection, meter, viewer=OPERATIONS, first=day, last=local_day(last))
            found |= {(meter, member): instant for member, instant in newest.items()}
    return found
