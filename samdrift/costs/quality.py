"""Quality of usage behind a pool: what blocks a close because it was not measured (costs.md M3, M8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from samdrift.costs.capacity import exact_ratio
from samdrift.costs.order import keys_of
from samdrift.costs.participation import Days, VersionDays
from samdrift.model.cost import Blocking
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.price import Price
from samdrift.model.period import local_midnight
from samdrift.model.reading import SHARED, Usage

HARD = frozenset({"gap", "undeclared-decrease", "conflict", "implausible", "ambiguous-series"})
"""With these the pool has no items at all (5b)."""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def meters_of(pool: str, agreement: Agreement, prices: Iterable[Price]) -> set[str]:
    """The meters that a pool's split rests on."""
    definition = agreement.pools[pool]
    found = {row.meter for row in prices if row.id in definition.prices and row.meter}
    return found | {key.meter for key in keys_of(definition, agreement) if key.meter}


@dataclass
class _Sum:
    """Base units and seconds of one (meter, member), over its resources."""

    quantity: Fraction = field(default_factory=Fraction)
    estimated: Fraction = field(default_factory=Fraction)
    simulated: Fraction = field(default_factory=Fraction)
    unmeasured: Fraction = field(default_factory=Fraction)
    seconds: Fraction = field(default_factory=Fraction)


def usage_blocking(
    pool: str,
    versions: tuple[VersionDays, ...],
    prices: Iterable[Price],
    usage: Iterable[Usage],
    taking: Mapping[str, Days],
) -> tuple[tuple[Blocking, ...], tuple[Blocking, ...]]:
    """(those that leave the pool without items, those that only hold the close) for the usage behind a pool, of those who take part."""
    hard: list[Blocking] = []
    prices = tuple(prices)
    meters = set().union(*(meters_of(pool, version.agreement, prices) for version in versions))
    sums: dict[tuple[str, str], _Sum] = {}
    for each in usage:
        if each.meter not in meters or (each.member != SHARED and each.member not in taking):
            continue
        for code in each.blocking:
            if code in HARD:
                text = f"{each.resource} of {each.meter}: {code}"
                hard.append(Blocking(code, text, pool, each.member, each.meter, each.resource))
        _add(sums.setdefault((each.meter, each.member), _Sum()), each, taking.get(each.member, ()))
    limit = min(limit_of(version.agreement, pool) for version in versions)
    soft = [
        block for (meter, member), found in sorted(sums.items()) for block in _soft(pool, meter, member, found, limit)
    ]
    return tuple(hard), tuple(soft)


def _soft(pool: str, meter: str, member: str, found: _Sum, limit: Fraction) -> list[Blocking]:
    blocks = []
    if found.simulated:
        blocks.append(Blocking("simulated", f"{meter} of {member} rests on simulated readings", pool, member, meter))
    estimated = found.quantity and found.estimated / found.quantity > limit
    unmeasured = found.seconds and found.unmeasured / found.seconds > limit
    if estimated or unmeasured:
        text = f"{meter} of {member}: more than {limit * 100} % is {'estimated' if estimated else 'unmeasured'}"
        blocks.append(Blocking("estimated-above-limit", text, pool, member, meter))
    return blocks


def _add(found: _Sum, usage: Usage, days: Days) -> None:
    """`unmeasured` is the part of silent time that lies in the participant's days, `seconds` all of those days, per resource (5b)."""
    found.quantity += usage.quantity_base
    found.estimated += usage.estimated_base
    found.simulated += usage.simulated_base
    if not days:
        found.unmeasured += usage.unmeasured_seconds
        found.seconds += usage.measured_seconds + usage.estimated_seconds + usage.unmeasured_seconds
        return
    found.seconds += sum((_seconds(day, day, usage.start, usage.end) for day in days), Fraction(0))
    silent = [gap for gap in usage.gaps if gap.treated == "unmeasured"]
    parts = sum((_seconds(day, day, gap.start, gap.end) for gap in silent for day in days), Fraction(0))
    found.unmeasured += min(usage.unmeasured_seconds, parts) if silent else usage.unmeasured_seconds


def _seconds(first: date, last: date, start: datetime, end: datetime) -> Fraction:
    """Seconds of the local days [first, last] that lie in [start, end)."""
    begin, until = max(local_midnight(first), start), min(local_midnight(last + DAY), end)
    return exact_ratio(until - begin, SECOND) if begin < until else Fraction(0)


def limit_of(agreement: Agreement, pool: str) -> Fraction:
    """`max_estimated` of the pool, else of its agreement."""
    own = agreement.pools[pool].max_estimated
    return own if own is not None else agreement.max_estimated
