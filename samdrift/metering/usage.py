"""Usage: daily rows of a resource given to its owner of that day, and summed to a period (costs.md M7, M8; common.md 2 Ownership)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from samdrift.model.money import apportion
from samdrift.model.ownership import Ownership
from samdrift.model.period import from_microseconds
from samdrift.model.reading import SHARED, UNASSIGNED, DailyUsage, Gap, Meter, Quality, Usage

UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class DailyRow:
    """One row of the roll-up's daily SQL: integers, before anybody owns it."""

    resource: str
    day: date
    quality: str
    quantity_base: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row of the roll-up's counts SQL."""

    resource: str
    samples: int
    duplicates: int
    conflicts: int
    resets: int
    decreases: int
    implausible: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """One row of the roll-up's gaps SQL."""

    resource: str
    start_us: int
    end_us: int
    treated: str


Owners = Mapping[tuple[str, date], Ownership]
"""(resource, local day) → whose it was that day."""


def daily_usage(meter: Meter, rows: Iterable[DailyRow], owners: Owners) -> tuple[DailyUsage, ...]:
    """The daily roll-up per member. Exact shares split the base units by largest remainder; a list of members stays `shared`."""
    found = []
    for row in rows:
        if row.quality == UNMEASURED:
            continue
        ownership = owners.get((row.resource, row.day), Ownership((), None))
        for member, quantity in _split(row.quantity_base, ownership).items():
            found.append(
                DailyUsage(
                    row.day,
                    meter.id,
                    row.resource,
                    member,
                    Quality(row.quality),
                    Fraction(quantity),
                    Fraction(row.milliseconds, 1000),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.day, each.resource, each.member, each.quality)))


def _split(quantity: int, ownership: Ownership) -> dict[str, int]:
    if not ownership.members:
        return {UNASSIGNED: quantity}
    if ownership.sole:
        return {ownership.sole: quantity}
    if ownership.shares is None:
        return {SHARED: quantity}
    return apportion(quantity, ownership.shares)


def period_usage(
    meter: Meter,
    rows: Iterable[DailyRow],
    counts: Iterable[CountRow],
    gaps: Iterable[GapRow],
    owners: Owners,
    start: datetime,
    end: datetime,
) -> tuple[Usage, ...]:
    """Usage per resource and member over [start, end), with its gaps and what blocks a close."""
    rows = tuple(rows)
    daily: dict[tuple[str, str], list[DailyUsage]] = {}
    for each in daily_usage(meter, rows, owners):
        daily.setdefault((each.resource, each.member), []).append(each)
    counted = {row.resource: row for row in counts}
    silent = _by_resource(gaps)
    seconds = _seconds(rows, owners)
    found = []
    for resource, member in sorted({*daily, *seconds}):
        own = daily.get((resource, member), [])
        count = counted.get(resource, CountRow(resource, 0, 0, 0, 0, 0, 0))
        quantity = sum((each.quantity_base for each in own), Fraction(0))
        spent = seconds.get((resource, member), {})
        found.append(
            Usage(
                meter=meter.id,
                resource=resource,
                member=member,
                start=start.astimezone(UTC),
                end=end.astimezone(UTC),
                quantity_base=quantity,
                quantity=quantity / meter.per_priced,
                unit=meter.priced,
                measured_seconds=spent.get("measured", Fraction(0)) + spent.get("simulated", Fraction(0)),
                estimated_seconds=spent.get("estimated", Fraction(0)),
                unmeasured_seconds=spent.get(UNMEASURED, Fraction(0)),
                estimated_base=sum(
                    (each.quantity_base for each in own if each.quality is Quality.ESTIMATED), Fraction(0)
                ),
                simulated_base=sum(
                    (each.quantity_base for each in own if each.quality is Quality.SIMULATED), Fraction(0)
                ),
                samples=count.samples,
                duplicates=count.duplicates,
                conflicts=count.conflicts,
                resets=count.resets,
                gaps=silent.get(resource, ()),
                blocking=_blocking(meter, count, silent.get(resource, ())),
            )
        )
    return tuple(found)


def _seconds(rows: Iterable[DailyRow], owners: Owners) -> dict[tuple[str, str], dict[str, Fraction]]:
    """(resource, member) → quality → seconds; time is not split by shares: each owner lived through all of it."""
    found: dict[tuple[str, str], dict[str, Fraction]] = {}
    for row in rows:
        ownership = owners.get((row.resource, row.day), Ownership((), None))
        for member in _split(1, ownership) if ownership.shares is None else ownership.members:
            spent = found.setdefault((row.resource, member), {})
            spent[row.quality] = spent.get(row.quality, Fraction(0)) + Fraction(row.milliseconds, 1000)
    return found


def _by_resource(gaps: Iterable[GapRow]) -> dict[str, tuple[Gap, ...]]:
    found: dict[str, list[Gap]] = {}
    for row in gaps:
        treated = {"estimated": "estimated", "blocks": "blocks"}.get(row.treated, "unmeasured")
        gap = Gap(from_microseconds(row.start_us), from_microseconds(row.end_us), treated)  # type: ignore[arg-type]
        found.setdefault(row.resource, []).append(gap)
    return {resource: tuple(own) for resource, own in found.items()}


def _blocking(meter: Meter, count: CountRow, gaps: tuple[Gap, ...]) -> tuple[str, ...]:
    found = []
    if any(gap.treated == "blocks" for gap in gaps):
        found.append("gap")
    if count.decreases:
        found.append("undeclared-decrease")
    if count.implausible:
        found.append("implausible")
    if count.conflicts and meter.conflict == "block":
        found.append("conflict")
    return tuple(found)
