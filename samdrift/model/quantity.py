"""Durations, sizes, decimals and exact fractions, read from their text (common.md 2, costs.md X4)."""

from __future__ import annotations

import re
from fractions import Fraction

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
_DURATION = re.compile(r"([0-9]{1,9}) ?(s|min|h|d)")
_MONTHS = re.compile(r"([0-9]{1,4}) ?months?")
_SIZE = re.compile(r"([0-9]{1,9}) ?(B|KiB|MiB|GiB|TiB|PiB)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,10})?")
_RATIO = re.compile(r"([0-9]{1,18})/([1-9][0-9]{0,17})")
_PERCENT = re.compile(r"((?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,10})?) ?%")


def read_duration(text: str) -> int:
    """Whole seconds of `180 s`, `15 min`, `26 h`, `2 d`; ValueError says what is wrong."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no duration; write a whole number and a unit: 180 s, 15 min, 26 h, 2 d")
    return int(found[1]) * SECONDS[found[2]]


def read_months(text: str) -> int | None:
    """Whole calendar months of `13 months`, or None when the text is not in months."""
    found = _MONTHS.fullmatch(text)
    return int(found[1]) if found else None


def read_size(text: str) -> int:
    """Bytes of `2 GiB`; ValueError says what is wrong."""
    found = _SIZE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no size; write a whole number and a unit: 512 MiB, 2 GiB")
    return int(found[1]) * BYTES[found[2]]


def read_decimal(value: str | int) -> Fraction:
    """The exact value of a plain decimal's text; exponent, inf, nan, `_` and leading zeros are refused (X4)."""
    text = str(value)
    if isinstance(value, bool) or not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is no plain decimal number")
    return Fraction(text)


def read_share(value: str | int) -> Fraction:
    """An exact share written `2/3`, `0.25`, `1` or `23.97 %`."""
    text = str(value)
    if ratio := _RATIO.fullmatch(text):
        return Fraction(int(ratio[1]), int(ratio[2]))
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100
    try:
        return read_decimal(value)
    except ValueError:
        raise ValueError(f'{text!r} is no share; write "2/3", "0.25" or "23.97 %"') from None


def exact(value: Fraction | int) -> str:
    """The exact text `n` or `n/d` that JSON and the store carry."""
    value = Fraction(value)
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
