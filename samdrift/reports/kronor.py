"""Exact numbers as plain decimal text for files that machines read: no float on the way (costs.md X1)."""

from __future__ import annotations

from fractions import Fraction

from samdrift.model.money import Ore, half_away_from_zero

PLACES = 10
"""Decimals of a price or quantity that has no end as a decimal number."""


def kronor(ore: Ore) -> str:
    """Öre as kronor with two decimals and a point.

    >>> kronor(-123456), kronor(5), kronor(0)
    ('-1234.56', '0.05', '0.00')
    """
    whole, part = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole}.{part:02d}"


def decimal(value: Fraction) -> str:
    """The number with as few decimals as it needs, at most PLACES, the last rounded half away from zero.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(2, 3)), decimal(Fraction(-7))
    ('0.125', '0.6666666667', '-7')
    """
    scaled = half_away_from_zero(value * 10**PLACES)
    whole, part = divmod(abs(scaled), 10**PLACES)
    tail = f"{part:0{PLACES}d}".rstrip("0")
    return f"{'-' if scaled < 0 else ''}{whole}{'.' + tail if tail else ''}"
