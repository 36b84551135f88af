"""Capacity: how many priced units a capacity gives over some days (costs.md P5, X5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from fractions import Fraction

from samdrift.model.period import Month, local_midnight
from samdrift.model.reading import Meter

MILLISECOND = timedelta(milliseconds=1)


def capacity_factors(
    meters: Mapping[str, Meter], wanted: Collection[str], days: Collection[date], month: Month
) -> dict[str, Fraction]:
    """meter → priced units that one unit of capacity gives over consecutive days.

    A gauge's capacity is there all the time (84 RU for a day of 25 h are 84 × 25/24 RU-days); another meter's is a quantity
    a full month, by days.
    """
    if not days:
        return {}
    span = local_midnight(max(days) + timedelta(days=1)) - local_midnight(min(days))
    held = exact_ratio(span, MILLISECOND)
    part = Fraction(len(days), len(month.days()))
    return {
        name: held / meters[name].per_priced if meters[name].kind == "gauge" else part
        for name in sorted(wanted)
        if name in meters
    }


def exact_ratio(span: timedelta, unit: timedelta) -> Fraction:
    """span / unit, exactly; both are whole microseconds."""
    return Fraction(_microseconds(span), _microseconds(unit))


def _microseconds(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
