"""Judging what a source said: a value counts only when it parses, lies in its range and is fresh (halls.md H4; NUT names of RFC 9271)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from samdrift.model.finding import Reason
from samdrift.model.hall import HallQuality, HallReading, RawValue
from samdrift.model.quantity import read_decimal

POLLS_UNTIL_STALE = 3
NUT_WORDS = frozenset(
    {
        "OL",
        "OB",
        "LB",
        "HB",
        "RB",
        "CHRG",
        "DISCHRG",
        "BYPASS",
        "CAL",
        "OFF",
        "OVER",
        "TRIM",
        "BOOST",
        "FSD",
        "ALARM",
        "TEST",
    }
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How one name of a source is read: our quantity and unit, the scale to the unit's integer, the range that is plausible."""

    quantity: str
    unit: str
    scale: int
    low: int
    high: int


NUT: Mapping[str, Quantity] = {
    "battery.charge": Quantity("battery-charge", "permille", 10, 0, 1000),
    "battery.runtime": Quantity("runtime", "seconds", 1, 0, 7 * 86_400),
    "ups.load": Quantity("load-ratio", "permille", 10, 0, 2000),
    "ups.realpower": Quantity("load", "watts", 1, 0, 1_000_000),
    "ups.temperature": Quantity("temperature", "millicelsius", 1000, -40_000, 120_000),
    "input.voltage": Quantity("input-voltage", "millivolts", 1000, 0, 1_000_000),
}
"""NUT's variables that are read (RFC 9271 appendix A); `ups.status` is words, below."""


def judge_nut(values: Iterable[RawValue], site: str, source: str, observed_at: datetime) -> tuple[HallReading, ...]:
    """Readings of a UPS's variables; a variable we do not know is left alone, one that fails says how."""
    found = []
    for raw in values:
        if raw.quantity == "ups.status":
            found.append(_status(raw, site, source, observed_at))
        elif raw.quantity in NUT:
            found.append(_number(raw, NUT[raw.quantity], site, source, observed_at))
    return tuple(sorted(found, key=lambda reading: reading.id))


def _number(raw: RawValue, known: Quantity, site: str, source: str, observed_at: datetime) -> HallReading:
    frame = HallReading(
        site,
        raw.element,
        known.quantity,
        known.unit,
        HallQuality.MISSING,
        False,
        observed_at,
        source,
        reason=raw.reason,
    )
    if raw.text is None:
        return frame
    try:
        value = read_decimal(raw.text.strip()) * known.scale
    except ValueError:
        return replace(frame, quality=HallQuality.INVALID, reason=Reason.MALFORMED)
    if not known.low <= value <= known.high:
        return replace(frame, quality=HallQuality.IMPLAUSIBLE)
    return replace(frame, quality=HallQuality.GOOD, value=int(value))


def _status(raw: RawValue, site: str, source: str, observed_at: datetime) -> HallReading:
    frame = HallReading(
        site, raw.element, "state", "words", HallQuality.MISSING, False, observed_at, source, reason=raw.reason
    )
    if raw.text is None:
        return frame
    words = raw.text.split()
    if not words or not all(re.fullmatch(r"[A-Z]{2,10}", word) for word in words):
        return replace(frame, quality=HallQuality.INVALID, reason=Reason.MALFORMED)
    return replace(frame, quality=HallQuality.GOOD, word=" ".join(sorted(words)))


def aged(reading: HallReading, now: datetime, poll_seconds: int) -> HallReading:
    """The reading as it counts now: good ones older than three polls are stale and lose their value."""
    if reading.quality is HallQuality.GOOD and now - reading.observed_at > timedelta(
        seconds=POLLS_UNTIL_STALE * poll_seconds
    ):
        return replace(reading, quality=HallQuality.STALE, value=None, word=None, reason=Reason.STALE)
    return reading
