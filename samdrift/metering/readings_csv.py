"""Readings read from CSV: all or nothing, every bad row with its place (costs.md 4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from samdrift.model.csv_rows import CsvRow, read_rows
from samdrift.model.period import read_instant
from samdrift.model.problem import Place, Problem
from samdrift.model.quantity import read_decimal
from samdrift.model.reading import Meter, Quality, Reading
from samdrift.model.unit import MILLIONTHS, units_of

REQUIRED = ("meter", "resource", "value")
OPTIONAL = ("member", "at", "from", "to", "unit", "quality")


class Fault(Protocol):
    """Says what is wrong with the row in hand."""

    def __call__(self, code: str, text: str, help: str | None = None) -> None: ...


FUTURE = timedelta(minutes=5)
"""Samples further ahead than this are set aside (M6)."""


_FINER = re.compile("[.,][0-9]{3}[0-9]*[1-9]")
"""A fraction of a second beyond the millisecond, of which datetime keeps six digits alone."""

LARGEST = 2**63 - 1
"""Base units of one reading; a part stores 64 bits."""


def read_readings(
    content: bytes, file: str, meters: Mapping[str, Meter], members: Collection[str], source: str, now: datetime
) -> tuple[tuple[tuple[Reading, Place], ...], int, tuple[Problem, ...]]:
    """(readings, each with the place of its row; number set aside because they lie in the future; problems). `member` stays empty where the owner decides."""
    problems: list[Problem] = []
    found: list[tuple[Reading, Place]] = []
    placed: list[tuple[Reading, Place]] = []
    aside = 0
    for row in read_rows(content, file, REQUIRED, OPTIONAL, problems):
        reading = _reading(row, meters, members, source, problems)
        if reading is None:
            continue
        placed.append((reading, row.place))
        when = reading.at or reading.end
        if when is not None and when > now + FUTURE:
            aside += 1
            continue
        found.append((reading, row.place))
    problems += _overlaps(placed)
    return tuple(found), aside, tuple(sorted(problems, key=lambda problem: problem.sort_key))


def _overlaps(placed: Iterable[tuple[Reading, Place]]) -> Iterator[Problem]:
    """`overlap` at each interval that begins before an earlier one of its meter and resource has ended, unless it is the same interval (M5)."""
    reach: dict[tuple[str, str], tuple[datetime, datetime]] = {}
    intervals = ((reading, reading.start, reading.end, place) for reading, place in placed if reading.start is not None and reading.end is not None)
    for reading, start, end, place in sorted(intervals, key=lambda each: (each[0].meter, each[0].resource, each[1], each[2])):
        before = reach.get((reading.meter, reading.resource))
        if before is not None and start < before[1] and (start, end) != before:
            yield Problem(place, "overlap", f"{reading.meter} of {reading.resource} has another interval until {before[1].isoformat()}", "one quantity for one time: cut one of them")
        if before is None or end > before[1]:
            reach[reading.meter, reading.resource] = (start, end)


def _reading(
    row: CsvRow, meters: Mapping[str, Meter], members: Collection[str], source: str, problems: list[Problem]
) -> Reading | None:
    cells = row.cells
    before = len(problems)

    def fault(code: str, text: str, help: str | None = None) -> None:
        problems.append(Problem(row.place, code, text, help))

    meter = meters.get(cells["meter"])
    if meter is None:
        fault("unknown-meter", f"unknown meter {cells['meter']!r}", f"meters: {', '.join(sorted(meters))}")
        return None
    if not cells["resource"]:
        fault("empty-value", "resource is empty")
    member = cells.get("member", "")
    if member and member != "shared" and member not in members:
        fault("unknown-member", f"unknown member {member!r}")
    quality = cells.get("quality") or "measured"
    if quality not in {each.value for each in Quality}:
        fault("unknown-value", f"unknown quality {quality!r}", "measured, estimated, simulated or end")
    at, start, end = _times(cells, meter, fault)
    quantity = _quantity(cells, meter, quality, fault)
    if len(problems) > before:
        return None
    return Reading(meter.id, cells["resource"], member, quantity, Quality(quality), source, at, start, end)


def _times(
    cells: Mapping[str, str], meter: Meter, fault: Fault
) -> tuple[datetime | None, datetime | None, datetime | None]:
    names = ("from", "to") if meter.kind == "interval" else ("at",)
    for name in sorted({"at", "from", "to"} - set(names)):
        if cells.get(name):
            fault("unknown-value", f"{name}: a reading of {meter.id} ({meter.kind}) has {' and '.join(names)} alone")
    found: dict[str, datetime] = {}
    for name in names:
        try:
            instant = read_instant(cells.get(name, ""))
        except ValueError as error:
            fault("naive-time", f"{name}: {error}")
            continue
        if instant.microsecond % 1000 or _FINER.search(cells[name]):
            fault("not-whole", f"{name}: instants are to the millisecond")
        found[name] = instant
    if "from" in found and "to" in found and found["from"] >= found["to"]:
        fault("out-of-range", "an interval ends after it begins")
    return found.get("at"), found.get("from"), found.get("to")


def _quantity(cells: Mapping[str, str], meter: Meter, quality: str, fault: Fault) -> int | None:
    if quality == "end":
        if cells["value"]:
            fault("unknown-value", "a reading of quality end has no value")
        if meter.kind in {"event", "interval"}:
            fault("unknown-value", f"a reading of {meter.id} ({meter.kind}) cannot be of quality end", "end ends a gauge or a counter")
        return None
    units = units_of(meter.base)
    unit = cells.get("unit") or meter.base
    if unit not in units:
        fault("unit-mismatch", f"{unit!r} is no unit of {meter.id}", f"units: {', '.join(units)}")
        return None
    try:
        value = read_decimal(cells["value"]) * units[unit] * (MILLIONTHS if meter.kind in {"event", "interval"} else 1)
    except ValueError as error:
        fault("number-syntax", str(error))
        return None
    if value.denominator != 1:
        fault("not-whole", f"{cells['value']} {unit} is finer than one {meter.base}")
        return None
    if abs(value) > LARGEST:
        fault("out-of-range", f"{cells['value']} {unit} is more than a reading can hold", f"at most {LARGEST} base units")
        return None
    return value.numerator
