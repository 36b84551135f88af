"""Runtime of a battery from the inventory's table and its age (halls.md H15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise

DAYS_A_YEAR = Fraction(36525, 100)
AGED = Fraction(80, 100)
WORN = Fraction(50, 100)


def runtime_seconds(table: Mapping[int, int], load_watts: int, installed: date, design_years: int, on: date) -> int:
    """Whole seconds at the load: linear between points, the first point's time below it, 0 above the last; times age."""
    return int(_at(table, load_watts) * age_factor(installed, design_years, on))


def _at(table: Mapping[int, int], load: int) -> Fraction:
    points = sorted(table.items())
    if load <= points[0][0]:
        return Fraction(points[0][1])
    for (low, longer), (high, shorter) in pairwise(points):
        if load <= high:
            return longer + Fraction(load - low, high - low) * (shorter - longer)
    return Fraction(0)


def age_factor(installed: date, design_years: int, on: date) -> Fraction:
    """1 when new, straight to 0.80 at the design age, on with the same slope to 0.50."""
    age = Fraction(max(0, (on - installed).days)) / DAYS_A_YEAR
    return max(WORN, 1 - (1 - AGED) * age / design_years)
