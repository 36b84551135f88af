"""Spreading: a document's öre over the months of its period, exact and without loss (costs.md P2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from samdrift.model.cost import Document
from samdrift.model.money import floor_magnitude
from samdrift.model.period import Month


def part_in(document: Document, month: Month) -> int:
    """The öre of the document that fall in the month: floor(total × elapsed at its end) - floor(total × elapsed at its start)."""
    start, end = max(document.start, month.first_day), min(document.end, month.next.first_day)
    if start >= end:
        return 0
    return part_of(document.amount_ore, elapsed(document, start), elapsed(document, end))


def part_of(ore: int, start: Fraction, end: Fraction) -> int:
    """What falls between two points of a whole that goes from 0 to 1: floors of |ore|, the sign put back, so that parts sum to it."""
    part = floor_magnitude(abs(ore) * end) - floor_magnitude(abs(ore) * start)
    return -part if ore < 0 else part


def elapsed(document: Document, day: date) -> Fraction:
    """The part of the document's period before `day`, in days, or in months where a broken month counts its days."""
    if document.spread == "months":
        return _months(document.start, day) / _months(document.start, document.end)
    return Fraction((day - document.start).days, (document.end - document.start).days)


def _months(start: date, end: date) -> Fraction:
    total, month = Fraction(0), Month(start.year, start.month)
    while month.first_day < end:
        days = (min(end, month.next.first_day) - max(start, month.first_day)).days
        total += Fraction(days, len(month.days()))
        month = month.next
    return total
