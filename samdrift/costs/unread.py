"""Lines whose meter has no reading at all in the month: their quantity is unknown, not 0 (costs.md M8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from samdrift.costs.order import key_name
from samdrift.costs.quality import meters_of
from samdrift.model.cost import CostLine
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.price import Price
from samdrift.model.reading import Usage

PRICED = frozenset({"priced", "base", "minimum"})


def measured(usage: Iterable[Usage]) -> frozenset[str]:
    """The meters with a sample or a quantity, whoever's."""
    return frozenset(each.meter for each in usage if each.samples or each.quantity_base)


def unread_meters(lines: Iterable[CostLine], versions: Mapping[str, Agreement], prices: Iterable[Price], read: Collection[str]) -> tuple[str, ...]:
    """The meters that the pools of the lines' versions rest on and that are not among those read."""
    rows, names = tuple(prices), {name for line in lines for name, _ in line.versions if name in versions}
    needed = {meter for name in names for pool in versions[name].pools for meter in meters_of(pool, versions[name], rows)}
    return tuple(sorted(needed - set(read)))


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
