"""What rests on a meter that has no reading at all in the month: its quantity is unknown, not 0, and blocks (costs.md M8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from samdrift.costs.order import key_name
from samdrift.costs.participation import VersionDays
from samdrift.costs.quality import limit_of, meters_of
from samdrift.model.cost import Blocking, CostLine
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month
from samdrift.model.reading import Meter, Usage

PRICED = frozenset({"priced", "base", "minimum"})


def measured(usage: Iterable[Usage]) -> frozenset[str]:
    """The meters with a sample or a quantity, whoever's."""
    return frozenset(each.meter for each in usage if each.samples or each.quantity_base)


def unread_meters(lines: Iterable[CostLine], versions: Mapping[str, Agreement], prices: Iterable[Price], read: Collection[str]) -> tuple[str, ...]:
    """The meters that the pools of the lines' versions rest on and that are not among those read."""
    rows, names = tuple(prices), {name for line in lines for name, _ in line.versions if name in versions}
    needed = {meter for name in names for pool in versions[name].pools for meter in meters_of(pool, versions[name], rows)}
    return tuple(sorted(needed - set(read)))


def unread_blocking(pool: str, month: Month, versions: tuple[VersionDays, ...], meters: Mapping[str, Meter], read: Collection[str]) -> Iterator[Blocking]:
    """Gauges and counters that the pool's key weighs by and that nobody read: all of their time is unmeasured, and no capacity was seen to be idle.

    Where the agreement declares a fallback, that holds, and a note tells it; so does `max_estimated: 100 %`. That no event or interval was told is an
    observation. What only a fallback or idle capacity would weigh by does not count; a price without readings is told by a note.
    """
    if min(limit_of(version.agreement, pool) for version in versions) >= Fraction(1):
        return
    needed = {meter for version in versions for meter in _weighed(pool, version.agreement)}
    for meter in sorted(needed - set(read)):
        if meter in meters and meters[meter].kind in {"gauge", "counter"}:
            text = f"no reading of {meter} in {month}: its usage is unknown, not 0"
            yield Blocking("estimated-above-limit", text, pool, meter=meter)


def _weighed(pool: str, agreement: Agreement) -> set[str]:
    found: set[str] = set()
    definition = agreement.pools[pool]
    default = definition.fallback or agreement.fallback
    waiting = [key for key in (agreement.keys.get(key_name(definition, agreement) or ""),) if key]
    while waiting:
        key = waiting.pop()
        if key.meter and (key.fallback or default) in {None, "refuse"}:
            found.add(key.meter)
        waiting += [part.key for part in key.parts if part.key]
    return found


def unread(lines: Iterable[CostLine], versions: Mapping[str, Agreement], prices: Iterable[Price], read: Collection[str]) -> frozenset[str]:
    """The ids of the lines that tell a quantity of 0 of a meter that is not among those read. `versions` by name."""
    rows = tuple(prices)
    return frozenset(line.line for line in lines if line.quantity == 0 and (_meter_of(line, versions, rows) or "") not in {"", *read})


def _meter_of(line: CostLine, versions: Mapping[str, Agreement], prices: Iterable[Price]) -> str | None:
    if line.component in PRICED:
        item = line.line.rsplit("/", 1)[-1]
        return next((row.meter for row in prices if row.id == item and row.meter), None)
    agreement = next((versions[name] for name, _ in reversed(line.versions) if name in versions), None)
    if agreement is None or line.pool not in agreement.pools:
        return None
    key = agreement.keys.get(key_name(agreement.pools[line.pool], agreement) or "")
    return key.meter if key else None
