"""Allocation: one month of one agreement, from documents, usage and the agreement's versions to lines exact to the öre (costs.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from samdrift.costs.lines import lines_of
from samdrift.costs.order import ordered_pools
from samdrift.costs.participation import Days, Participation, VersionDays, versions_in
from samdrift.costs.pool import PoolInput, PoolResult, split_pool
from samdrift.costs.quality import meters_of, usage_blocking
from samdrift.costs.rounding import Earlier
from samdrift.costs.spread import part_in
from samdrift.costs.unread import measured, unread_blocking
from samdrift.costs.usage_view import UsageView
from samdrift.model.cost import Blocking, CostLine, Document, MemberTotal, MonthCost, PoolTotal, VatCategory
from samdrift.model.money import half_away_from_zero
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.price import Price
from samdrift.model.nouns.service import Service
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage, Meter, Usage


@dataclass(frozen=True)
class CostInput:
    """All that a month's split depends on; `earlier` is pool → member → (exact, booked) of the year so far (R4)."""

    month: Month
    agreement: str
    agreements: tuple[Agreement, ...]
    members: Mapping[str, Member]
    services: Mapping[str, Service]
    populations: Mapping[str, Population]
    prices: tuple[Price, ...]
    documents: tuple[Document, ...]
    meters: Mapping[str, Meter]
    daily: tuple[DailyUsage, ...] = ()
    usage: tuple[Usage, ...] = ()
    earlier: Mapping[str, Earlier] = field(default_factory=dict)


def allocate(given: CostInput) -> MonthCost:
    """The month's lines, totals and what blocks it. For every pool: lines + to settlement + unallocated = its öre."""
    versions = versions_in(given.agreements, given.agreement, given.month)
    view, participation = UsageView.of(given.daily, given.meters), Participation(given.members)
    amounts, documents = pool_amounts(given)
    read = measured(given.usage) | {row.meter for row in given.daily}
    lines: list[CostLine] = []
    totals: list[PoolTotal] = []
    blocking: list[Blocking] = []
    notes: list[str] = _missing_meters(given, versions)
    direct: dict[str, dict[str, Fraction]] = {}
    shares: dict[str, dict[str, Fraction]] = {}
    accumulated: dict[str, Mapping[str, Fraction]] = {}
    for name in ordered_pools(tuple(version.agreement for version in versions)):
        having = tuple(version for version in versions if name in version.agreement.pools)
        pool_input = PoolInput(
            name, amounts.get(name, 0), given.month, having, participation, given.populations, given.prices, view, direct, shares,
            amounts, given.earlier.get(name, {}),
        )  # fmt: skip
        costs = bool(amounts.get(name)) or any(version.agreement.pools[name].prices for version in having)
        hard, soft = usage_blocking(name, having, given.prices, given.usage, pool_input.taking) if costs else ((), ())
        result = PoolResult(blocking=hard) if hard else split_pool(pool_input)
        if amounts.get(name) and not result.blocking:
            soft += tuple(unread_blocking(name, given.month, having, given.meters, read))
        direct[name], shares[name], accumulated[name] = result.direct, result.weights, result.exact
        blocking += [*result.blocking, *soft]
        notes += [
            *(f"{name}: {note}" for note in result.notes),
            *_outside(name, having, given, view, pool_input.taking),
        ]
        made = lines_of(given, pool_input, result, tuple(documents.get(name, ())))
        lines += made
        totals.append(_total(name, amounts.get(name, 0), result, made))
    for name in sorted(set(amounts) - set(direct)):
        totals.append(PoolTotal(name, amounts[name], 0, 0, amounts[name]))
        blocking.append(
            Blocking("unknown-pool", f"no version of {given.agreement} in {given.month} has the pool {name}", name)
        )
    lines.sort(key=lambda line: line.line)
    return MonthCost(
        given.month, given.agreement, tuple(lines), tuple(sorted(totals, key=lambda total: total.pool)), member_totals(lines),
        tuple(blocking), notes=tuple(dict.fromkeys(notes)), accumulated=accumulated,
    )  # fmt: skip


def pool_amounts(given: CostInput) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Pool → its öre of the month, and pool → the documents that give them."""
    amounts: dict[str, int] = {}
    documents: dict[str, list[str]] = {}
    for document in sorted(given.documents, key=lambda each: each.id):
        part = part_in(document, given.month)
        if part:
            amounts[document.pool] = amounts.get(document.pool, 0) + part
            documents.setdefault(document.pool, []).append(document.id)
    return amounts, documents


def _total(name: str, amount: int, result: PoolResult, made: list[CostLine]) -> PoolTotal:
    allocated = sum(line.amount_ore for line in made)
    settled = 0 if result.blocking else result.to_settlement_ore
    return PoolTotal(name, amount, allocated, settled, amount - allocated - settled)


def _missing_meters(given: CostInput, versions: tuple[VersionDays, ...]) -> list[str]:
    """What a reader must know though it blocks nothing: a meter that the split rests on and that has no reading at all (M8)."""
    pools = ((version.agreement, pool) for version in versions for pool in version.agreement.pools)
    needed = {meter for agreement, pool in pools for meter in meters_of(pool, agreement, given.prices)}
    missing = sorted(needed - {row.meter for row in given.daily})
    return [f"no reading of {meter} in {given.month}: its usage is unknown, not 0" for meter in missing]


def _outside(
    name: str, having: tuple[VersionDays, ...], given: CostInput, view: UsageView, taking: Mapping[str, Days]
) -> list[str]:
    """Use of members that do not take part that day: it does not count, and is told (K5)."""
    meters = set().union(*(meters_of(name, version.agreement, given.prices) for version in having))
    return [
        f"{name}: {member} used {meter} on days on which it takes no part; that use does not count"
        for meter in sorted(meters)
        for member in view.outside(meter, taking)
    ]


def member_totals(lines: list[CostLine]) -> tuple[MemberTotal, ...]:
    """Net per member; VAT rounded once per member, category and rate (D1)."""
    taxable: dict[str, dict[tuple[VatCategory, Fraction], int]] = {}
    for line in lines:
        groups = taxable.setdefault(line.member, {})
        key = (line.vat_category, line.vat_rate)
        groups[key] = groups.get(key, 0) + line.amount_ore
    return tuple(
        MemberTotal(
            member,
            sum(groups.values()),
            sum(half_away_from_zero(ore * rate / 100) for (_, rate), ore in groups.items()),
        )
        for member, groups in sorted(taxable.items())
    )
