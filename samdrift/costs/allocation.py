"""Allocation: one month of one agreement, from documents, usage and the agreement's versions to lines exact to the öre (costs.md 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from samdrift.costs.order import ordered_pools
from samdrift.costs.participation import VersionDays, versions_in
from samdrift.costs.pool import Earlier, PoolInput, PoolResult, split_pool
from samdrift.costs.quality import meters_of, usage_blocking
from samdrift.costs.spread import part_in
from samdrift.costs.usage_view import UsageView
from samdrift.model.cost import Blocking, Component, CostLine, Document, MemberTotal, MonthCost, PoolTotal, VatCategory
from samdrift.model.money import apportion, half_away_from_zero
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
    view = UsageView.of(given.daily, given.meters)
    amounts: dict[str, int] = {}
    documents: dict[str, list[str]] = {}
    for document in sorted(given.documents, key=lambda each: each.id):
        part = part_in(document, given.month)
        amounts[document.pool] = amounts.get(document.pool, 0) + part
        if part:
            documents.setdefault(document.pool, []).append(document.id)
    lines: list[CostLine] = []
    totals: list[PoolTotal] = []
    blocking: list[Blocking] = []
    direct: dict[str, dict[str, Fraction]] = {}
    accumulated: dict[str, Mapping[str, Fraction]] = {}
    for name in ordered_pools(tuple(version.agreement for version in versions)):
        having = tuple(version for version in versions if name in version.agreement.pools)
        amount = amounts.get(name, 0)
        pool_input = PoolInput(
            name,
            amount,
            given.month,
            having,
            given.members,
            given.populations,
            given.prices,
            view,
            direct,
            amounts,
            given.earlier.get(name, {}),
        )
        hard, soft = usage_blocking(name, having, given)
        result = PoolResult(blocking=hard) if hard else split_pool(pool_input)
        direct[name], accumulated[name] = result.direct, result.exact
        blocking += [*result.blocking, *soft]
        made = _lines(given, pool_input, result, view, tuple(documents.get(name, ())))
        lines += made
        allocated = sum(line.amount_ore for line in made)
        settled = 0 if result.blocking else result.to_settlement_ore
        totals.append(PoolTotal(name, amount, allocated, settled, amount - allocated - settled))
    lines.sort(key=lambda line: line.line)
    return MonthCost(
        given.month, given.agreement, tuple(lines), tuple(sorted(totals, key=lambda total: total.pool)), member_totals(lines),
        tuple(blocking), notes=_notes(given, versions), accumulated=accumulated,
    )  # fmt: skip


def _notes(given: CostInput, versions: tuple[VersionDays, ...]) -> tuple[str, ...]:
    """What a reader must know though it blocks nothing: a meter that the split rests on and that has no reading at all (M8)."""
    pools = ((version.agreement, pool) for version in versions for pool in version.agreement.pools)
    needed = {meter for agreement, pool in pools for meter in meters_of(pool, agreement, given.prices)}
    missing = sorted(needed - {row.meter for row in given.daily})
    return tuple(f"no reading of {meter} in {given.month}: its usage is unknown, not 0" for meter in missing)


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


def _lines(
    given: CostInput, pool: PoolInput, result: PoolResult, view: UsageView, documents: tuple[str, ...]
) -> list[CostLine]:
    last = pool.versions[-1].agreement
    definition = last.pools[pool.name]
    service = given.services.get(definition.service or "")
    category, rate = vat_of(service, last, given.month)
    versions = tuple((version.agreement.agreement.version, len(version.days)) for version in pool.versions)
    key = last.keys.get((definition.rest if definition.rest in last.keys else definition.key) or "")
    meter = key.meter if key and key.kind == "usage" else None

    frame = CostLine(
        line="", agreement=given.agreement, versions=versions, pool=pool.name, member="", service=definition.service, component="key",
        amount_ore=0, exact_ore=Fraction(0), vat_category=category, vat_rate=rate, documents=documents,
    )  # fmt: skip

    def line(member: str, component: Component, item: str | None = None) -> CostLine:
        name = "/".join([str(given.month), pool.name, member, component, *([item] if item else [])])
        return replace(frame, line=name, member=member, component=component)

    made = [
        replace(
            line(each.member, each.component, each.item), amount_ore=each.amount_ore, exact_ore=each.exact_ore, quantity=each.quantity,
            unit=each.unit, price=each.price, estimated_share=_estimated(view, given, each.item, each.member),
        )
        for each in result.priced
    ]  # fmt: skip
    for member, ore in sorted(result.rest.items()):
        share, idle = result.shares.get(member, Fraction(0)), result.idle.get(member, Fraction(0))
        exact = result.exact.get(member, Fraction(0))
        whole = replace(
            line(member, "overhead" if definition.over else "key"), amount_ore=ore, exact_ore=exact, share=share,
            quantity=sum(view.by_day.get(meter, {}).get(member, {}).values(), Fraction(0)) if meter else None,
            unit=given.meters[meter].priced if meter else None, estimated_share=view.estimated.get((meter or "", member), Fraction(0)),
        )  # fmt: skip
        made += _used_and_idle(whole, idle, line) if result.idle else [whole]
    return made


def _used_and_idle(whole: CostLine, idle: Fraction, line: Callable[[str, Component], CostLine]) -> list[CostLine]:
    """The member's rounded amount as a line for its use and one for its idle capacity; they never change it (R2)."""
    share = whole.share or Fraction(0)
    parts = (
        apportion(whole.amount_ore, {"idle": idle, "used": share - idle})
        if share
        else {"idle": 0, "used": whole.amount_ore}
    )
    idle_exact = whole.exact_ore * idle / share if share else Fraction(0)
    used = line(whole.member, "used")
    return [
        replace(
            whole,
            line=used.line,
            component="used",
            amount_ore=parts["used"],
            exact_ore=whole.exact_ore - idle_exact,
            share=share - idle,
        ),
        replace(line(whole.member, "idle"), amount_ore=parts["idle"], exact_ore=idle_exact, share=idle),
    ]


def _estimated(view: UsageView, given: CostInput, item: str, member: str) -> Fraction:
    meter = next((row.meter for row in given.prices if row.id == item and row.meter), "")
    return view.estimated.get((meter or "", member), Fraction(0))


def vat_of(service: Service | None, agreement: Agreement, month: Month) -> tuple[VatCategory, Fraction]:
    """The VAT category and rate in force on the month's first day; without any: E, `gemensam kostnad` (5b)."""
    rows = (service.vat if service and service.vat else agreement.vat) or ()
    valid = [row for row in rows if row.from_ <= month.first_day]
    if not valid:
        return ("E", Fraction(0))
    latest = max(valid, key=lambda row: row.from_)
    return (latest.category, latest.rate)
