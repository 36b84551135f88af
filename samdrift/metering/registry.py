"""The meters: those shipped, one a file (common.md 4), and what the inventory overrides or adds (costs.md M1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from samdrift.model.errors import WrongUse
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.quantity import read_duration
from samdrift.model.reading import Meter
from samdrift.model.registry import scan
from samdrift.model.unit import per_priced, read_rate


@cache
def shipped_meters() -> Mapping[str, Meter]:
    """All shipped meters, by id."""
    import samdrift.metering.meters as package

    return scan(package, "METER", Meter)


def meters(rows: Iterable[MeterRow] = ()) -> Mapping[str, Meter]:
    """The shipped meters with the policies of meters.yml, and the meters that it adds, by id."""
    found = dict(shipped_meters())
    for row in rows:
        found[row.id] = _override(found.get(row.id) or added(row), row)
    return MappingProxyType(dict(sorted(found.items())))


def added(row: MeterRow) -> Meter:
    """The meter that a row adds; the inventory's rules have seen that it says kind, base and a priced unit of that base."""
    assert row.kind is not None
    assert row.base is not None
    assert row.priced is not None
    return Meter(
        id=row.id, kind=row.kind, base=row.base, priced=row.priced, per_priced=per_priced(row.kind, row.base, row.priced), title=row.id,
        source=row.source or ("prometheus" if row.selector else "csv"), max_gap_seconds=None,
    )  # fmt: skip


def _override(meter: Meter, row: MeterRow) -> Meter:
    max_gap, rate = meter.max_gap_seconds, meter.max_rate
    if row.max_gap is not None:
        max_gap = None if row.max_gap == "none" else read_duration(row.max_gap)
    if row.max_rate is not None:
        try:
            rate = read_rate(row.max_rate, meter.base)
        except ValueError as error:
            raise WrongUse(f"meters.yml: max_rate of {row.id}: {error}") from None
    return replace(
        meter, max_gap_seconds=max_gap, gap=row.gap or meter.gap, on_decrease=row.on_decrease or meter.on_decrease,
        conflict=row.conflict or meter.conflict, max_rate=rate,
    )  # fmt: skip
