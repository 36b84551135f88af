"""Usage quality: how a month's usage stood when it was last rolled up, a row a meter and member (costs.md M8, 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection, delete, insert, select

from samdrift.model.period import Month
from samdrift.model.viewer import Viewer
from samdrift.store.tables.usage_quality import usage_quality


@dataclass(frozen=True, slots=True)
class UsageQuality:
    """Sums over a member's resources of one meter in one month; quantities in what the roll-up counts."""

    meter: str
    member: str
    quantity_base: Fraction
    estimated_base: Fraction
    unmeasured_seconds: Fraction
    samples: int
    duplicates: int
    conflicts: int
    last_reading_at: datetime | None


def replace_month(connection: Connection, month: Month, rows: Iterable[UsageQuality], *, at: datetime) -> None:
    """Put these rows in the place of the month's."""
    connection.execute(delete(usage_quality).where(usage_quality.c.month == str(month)))
    written = [
        {
            "month": str(month), "meter": row.meter, "member": row.member, "quantity_base": row.quantity_base, "estimated_base": row.estimated_base,
            "unmeasured_seconds": row.unmeasured_seconds, "samples": row.samples, "duplicates": row.duplicates, "conflicts": row.conflicts,
            "last_reading_at": row.last_reading_at, "rolled_up_at": at,
        }
        for row in rows
    ]  # fmt: skip
    if written:
        connection.execute(insert(usage_quality), written)


def of_month(connection: Connection, month: Month, *, viewer: Viewer) -> list[UsageQuality]:
    """The month's rows that the viewer may see, by meter and member."""
    query = select(usage_quality).where(usage_quality.c.month == str(month)).order_by(usage_quality.c.meter, usage_quality.c.member)
    return [
        UsageQuality(
            row.meter, row.member, row.quantity_base, row.estimated_base, row.unmeasured_seconds, row.samples, row.duplicates, row.conflicts, row.last_reading_at
        )
        for row in connection.execute(query)
        if viewer.sees(row.member)
    ]  # fmt: skip
