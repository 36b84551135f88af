"""Units of meters: how many base units one written unit is, and what a priced unit holds (costs.md M1, X5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from samdrift.model.quantity import BYTES, read_decimal
from samdrift.model.reading import MeterKind

UNITS: Mapping[str, Mapping[str, int]] = {
    "byte": {"byte": 1, **{unit: size for unit, size in BYTES.items() if unit != "B"}},
    "Wh": {"Wh": 1, "kWh": 1000, "MWh": 1_000_000},
    "s": {"s": 1, "min": 60, "h": 3600},
}
"""Base unit → unit → how many base units; a base unit that is not here knows itself alone."""
MILLISECONDS = {"day": 86_400_000, "h": 3_600_000}
MILLIONTHS = 1_000_000
"""Interval and event quantities are kept in millionths of their base unit (M5)."""
_HELD = re.compile(r"(.+)-(day|h)")
_RATE = re.compile(r"([0-9.]+) ?([A-Za-z]+)/(s|min|h|d)")
_PER_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


def units_of(base: str) -> Mapping[str, int]:
    """The units in which a meter of that base may be written."""
    return UNITS.get(base, {base: 1})


def per_priced(kind: MeterKind, base: str, priced: str) -> Fraction:
    """How much of what the roll-up counts makes one priced unit: base × ms for a gauge, base units for a counter, millionths else.

    ValueError when the priced unit is none of the base's.

    >>> per_priced("gauge", "byte", "GiB-day") == 2**30 * 86_400_000
    True
    >>> per_priced("interval", "s", "h")
    Fraction(3600000000, 1)
    """
    if kind == "gauge":
        held = _HELD.fullmatch(priced)
        if held is None:
            raise ValueError(f"{priced!r} is no priced unit of a gauge; write a unit and a time: {base}-day, {base}-h")
        return Fraction(_size(base, held[1]) * MILLISECONDS[held[2]])
    return Fraction(_size(base, priced) * (MILLIONTHS if kind in {"interval", "event"} else 1))


def read_rate(text: str, base: str) -> Fraction:
    """Base units a second of `12 kWh/h`; ValueError when it is none of the base's.

    >>> read_rate("12 kWh/h", "Wh")
    Fraction(10, 3)
    """
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no rate; write a number, a unit and a time: 12 kWh/h")
    return read_decimal(found[1]) * _size(base, found[2]) / _PER_SECONDS[found[3]]


def _size(base: str, unit: str) -> int:
    known = units_of(base)
    if unit not in known:
        raise ValueError(f"{unit!r} is no unit of {base}; units: {', '.join(known)}")
    return known[unit]
