"""Quality of usage behind a pool: what blocks a close because it was not measured (costs.md M3, M8)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from samdrift.costs.participation import VersionDays
from samdrift.model.cost import Blocking
from samdrift.model.nouns.agreement import Agreement, Key
from samdrift.model.nouns.price import Price

if TYPE_CHECKING:
    from samdrift.costs.allocation import CostInput

HARD = frozenset({"gap", "undeclared-decrease", "conflict", "implausible", "ambiguous-series"})
"""With these the pool has no items at all (5b)."""


def meters_of(pool: str, agreement: Agreement, prices: Iterable[Price]) -> set[str]:
    """The meters that a pool's split rests on."""
    definition = agreement.pools[pool]
    found = {row.meter for row in prices if row.id in definition.prices and row.meter}
    for name in (definition.key, definition.rest):
        if name in agreement.keys:
            found |= _meters_of_key(agreement.keys[name])
    return found


def _meters_of_key(key: Key) -> set[str]:
    found = {key.meter} if key.meter else set()
    for part in key.parts:
        if part.key:
            found |= _meters_of_key(part.key)
    return found


def usage_blocking(
    pool: str, versions: tuple[VersionDays, ...], given: CostInput
) -> tuple[tuple[Blocking, ...], tuple[Blocking, ...]]:
    """(those that leave the pool without items, those that only hold the close) for the usage of a pool."""
    hard: list[Blocking] = []
    soft: list[Blocking] = []
    limit = min(_limit(version.agreement, pool) for version in versions)
    meters = set().union(*(meters_of(pool, version.agreement, given.prices) for version in versions))
    shares: dict[tuple[str, str], list[Fraction]] = {}
    for usage in given.usage:
        if usage.meter not in meters:
            continue
        hard += [
            Blocking(
                code, f"{usage.resource} of {usage.meter}: {code}", pool, usage.member, usage.meter, usage.resource
            )
            for code in usage.blocking
            if code in HARD
        ]
        totals = shares.setdefault((usage.meter, usage.member), [Fraction(0)] * 5)
        seconds = usage.measured_seconds + usage.estimated_seconds + usage.unmeasured_seconds
        for index, value in enumerate(
            (usage.quantity_base, usage.estimated_base, usage.simulated_base, usage.unmeasured_seconds, seconds)
        ):
            totals[index] += value
    for (meter, member), (quantity, estimated, simulated, unmeasured, seconds) in sorted(shares.items()):
        if simulated:
            soft.append(Blocking("simulated", f"{meter} of {member} rests on simulated readings", pool, member, meter))
        if (quantity and estimated / quantity > limit) or (seconds and unmeasured / seconds > limit):
            soft.append(
                Blocking(
                    "estimated-above-limit",
                    f"{meter} of {member}: more than {limit * 100} % is estimated or unmeasured",
                    pool,
                    member,
                    meter,
                )
            )
    return tuple(hard), tuple(soft)


def _limit(agreement: Agreement, pool: str) -> Fraction:
    own = agreement.pools[pool].max_estimated
    return own if own is not None else agreement.max_estimated
