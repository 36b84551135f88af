"""Usage as costs see it: daily roll-ups in priced units per member, with what is shared, estimated and simulated (costs.md M8, P5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from samdrift.model.reading import SHARED, UNASSIGNED, DailyUsage, Meter, Quality


@dataclass(frozen=True)
class UsageView:
    """meter → member → day → priced units; `shared` and `unassigned` stand as members of those names."""

    meters: Mapping[str, Meter]
    by_day: Mapping[str, Mapping[str, Mapping[date, Fraction]]]
    estimated: Mapping[tuple[str, str], Fraction]
    simulated: Mapping[tuple[str, str], Fraction]

    @classmethod
    def of(cls, rows: Iterable[DailyUsage], meters: Mapping[str, Meter]) -> UsageView:
        by_day: dict[str, dict[str, dict[date, Fraction]]] = {}
        totals: dict[tuple[str, str], Fraction] = {}
        parts: dict[Quality, dict[tuple[str, str], Fraction]] = {Quality.ESTIMATED: {}, Quality.SIMULATED: {}}
        for row in rows:
            quantity = row.quantity_base / meters[row.meter].per_priced
            days = by_day.setdefault(row.meter, {}).setdefault(row.member, {})
            days[row.day] = days.get(row.day, Fraction(0)) + quantity
            key = (row.meter, row.member)
            totals[key] = totals.get(key, Fraction(0)) + quantity
            if row.quality in parts:
                parts[row.quality][key] = parts[row.quality].get(key, Fraction(0)) + quantity
        return cls(
            meters,
            by_day,
            *(
                {key: part[key] / totals[key] for key in part if totals[key]}
                for part in (parts[Quality.ESTIMATED], parts[Quality.SIMULATED])
            ),
        )

    def per_member(self, days: Iterable[date]) -> dict[str, dict[str, Fraction]]:
        """meter → member → sum over the days; without shared and unassigned."""
        chosen = set(days)
        return {
            meter: {
                member: sum((quantity for day, quantity in by_day.items() if day in chosen), Fraction(0))
                for member, by_day in members.items()
                if member not in {SHARED, UNASSIGNED}
            }
            for meter, members in self.by_day.items()
        }
