"""The shipped meters, one a file (common.md 4), with the inventory's overrides laid over them (costs.md M1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from samdrift.model.nouns.meter import MeterRow
from samdrift.model.quantity import read_duration
from samdrift.model.reading import Meter
from samdrift.model.registry import scan


@cache
def shipped_meters() -> Mapping[str, Meter]:
    """All shipped meters, by id."""
    import samdrift.metering.meters as package

    return scan(package, "METER", Meter)


def meters(rows: Iterable[MeterRow] = ()) -> Mapping[str, Meter]:
    """The shipped meters with the policies of meters.yml; rows of meters that are not shipped are left to the CSV import."""
    found = dict(shipped_meters())
    for row in rows:
        if row.id in found:
            found[row.id] = _override(found[row.id], row)
    return MappingProxyType(found)


def _override(meter: Meter, row: MeterRow) -> Meter:
    max_gap = meter.max_gap_seconds
    if row.max_gap is not None:
        max_gap = None if row.max_gap == "none" else read_duration(row.max_gap)
    return replace(
        meter,
        max_gap_seconds=max_gap,
        gap=row.gap or meter.gap,
        on_decrease=row.on_decrease or meter.on_decrease,
        conflict=row.conflict or meter.conflict,
    )
