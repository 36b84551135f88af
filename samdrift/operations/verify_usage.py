"""Verify usage: raw parts against their manifest, and the stored daily roll-up against one made anew (costs.md 4 `usage verify`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.stored_usage import stored_usage
from samdrift.store import Store, raw, usage


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was stored: `code` is raw-changed or roll-up-differs, `what` the part, or meter, day and resource."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what differs."""

    parts: int
    rows: int
    differences: tuple[Difference, ...]


def verify_usage(inventory: Inventory, store: Store, month: Month | None = None) -> Verified:
    """All parts (or those of a month) against the manifest; with a month also its stored roll-up, which only a close writes, against raw."""
    days = None if month is None else month.days()
    with store.read() as connection:
        changed = raw.changed_parts(connection, days=days)
        count = len(raw.digests(connection, days)) if days is not None else raw.part_count(connection)
        kept = [] if month is None else usage.daily(connection, viewer=OPERATIONS, first=month.first_day, last=month.days()[-1])
    differences = [Difference("raw-changed", path) for path in changed]
    if month is not None and kept and not changed:
        differences += _of_roll_up(kept, stored_usage(inventory, store, month).daily)
    return Verified(count, len(kept), tuple(differences))


def _of_roll_up(kept: Sequence[DailyUsage], anew: Sequence[DailyUsage]) -> list[Difference]:
    meters = {row.meter for row in kept}
    before, after = _keyed(kept), _keyed(row for row in anew if row.meter in meters)
    return [
        Difference("roll-up-differs", f"{meter} {day} {resource} of {member} ({quality})")
        for meter, day, resource, member, quality in sorted(before.keys() | after.keys())
        if before.get((meter, day, resource, member, quality)) != after.get((meter, day, resource, member, quality))
    ]


def _keyed(rows: Iterable[DailyUsage]) -> dict[tuple[str, date, str, str, str], tuple[Fraction, Fraction]]:
    return {(row.meter, row.day, row.resource, row.member, row.quality.value): (row.quantity_base, row.seconds) for row in rows}
