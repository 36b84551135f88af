"""Usage as costs see it: daily roll-ups in priced units per member, with what is shared, estimated and simulated (costs.md M8, P5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from samdrift.costs.participation import Days
from samdrift.model.reading import SHARED, UNASSIGNED, DailyUsage, Meter, Quality

NOBODY = frozenset({SHARED, UNASSIGNED})


@dataclass(frozen=True)
class UsageView:
    """meter → member → day → priced units; `shared` and `unassigned` stand as members of those names."""

    meters: Mapping[str, Meter]
    by_day: Mapping[str, Mapping[str, Mapping[date, Fraction]]]
    estimated_by_day: Mapping[str, Mapping[str, Mapping[date, Fraction]]]
    _sums: dict[tuple[str, str, Days], Fraction] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[DailyUsage], meters: Mapping[str, Meter]) -> UsageView:
        """From the daily roll-up; base units become priced ones, exactly."""
        whole: dict[str, dict[str, dict[date, Fraction]]] = {}
        estimated: dict[str, dict[str, dict[date, Fraction]]] = {}
        for row in rows:
            for found in (whole, *((estimated,) if row.quality is Quality.ESTIMATED else ())):
                days = found.setdefault(row.meter, {}).setdefault(row.member, {})
                days[row.day] = days.get(row.day, Fraction(0)) + row.quantity_base
        return cls(meters, _priced(whole, meters), _priced(estimated, meters))

    def used(self, meter: str, member: str, days: Days) -> Fraction:
        """The member's priced units on these days."""
        key = (meter, member, days)
        if key not in self._sums:
            self._sums[key] = _on(self.by_day, meter, member, days)
        return self._sums[key]

    def over(self, meter: str, taking: Mapping[str, Days]) -> dict[str, Fraction]:
        """Priced units of each member on the days on which it takes part (K5)."""
        return {member: self.used(meter, member, days) for member, days in taking.items()}

    def estimated_share(self, meter: str, member: str, days: Days) -> Fraction:
        """The part of the member's quantity on these days that is estimated."""
        quantity = self.used(meter, member, days)
        return _on(self.estimated_by_day, meter, member, days) / quantity if quantity else Fraction(0)

    def outside(self, meter: str, taking: Mapping[str, Days]) -> list[str]:
        """Members that used the meter on days on which they take no part; that use does not count (K5)."""
        found = []
        for member, by_day in sorted(self.by_day.get(meter, {}).items()):
            days = set(taking.get(member, ()))
            if member not in NOBODY and any(quantity for day, quantity in by_day.items() if day not in days):
                found.append(member)
        return found


def _priced(
    found: Mapping[str, Mapping[str, Mapping[date, Fraction]]], meters: Mapping[str, Meter]
) -> Mapping[str, Mapping[str, Mapping[date, Fraction]]]:
    return {
        meter: {
            member: {day: quantity / meters[meter].per_priced for day, quantity in days.items()}
            for member, days in members.items()
        }
        for meter, members in found.items()
        if meter in meters
    }


def _on(found: Mapping[str, Mapping[str, Mapping[date, Fraction]]], meter: str, member: str, days: Days) -> Fraction:
    by_day = found.get(meter, {}).get(member, {})
    return sum((by_day[day] for day in days if day in by_day), Fraction(0))
