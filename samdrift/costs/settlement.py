"""Settlement: a year's payments against its cost, per member; refund, charge or carry; the self-cost check (costs.md S2, S3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from samdrift.costs.advances import CARRIED
from samdrift.model.cost import Blocking, CostLine, MonthCost
from samdrift.model.money import apportion
from samdrift.model.nouns.agreement import Agreement

Action = Literal["refund", "charge", "carry", "none"]


@dataclass(frozen=True)
class SettlementInput:
    """A year's closed months with the version that each month ended under; advances booked for the year; what was carried in per
    member; who takes part after the year's end; the version in force at its end.
    """

    year: int
    agreement: str
    months: tuple[tuple[MonthCost, Agreement], ...]
    advances: tuple[CostLine, ...]
    carried: Mapping[str, int]
    staying: Collection[str]
    last: Agreement
    final: bool = False


@dataclass(frozen=True, slots=True)
class MemberYear:
    """A member's year in öre: paid + carried in - cost = balance; `settled` is its part of what pools left to settlement, in cost."""

    member: str
    paid_ore: int
    carried_in_ore: int
    cost_ore: int
    settled_ore: int
    action: Action

    @property
    def balance_ore(self) -> int:
        return self.paid_ore + self.carried_in_ore - self.cost_ore


@dataclass(frozen=True)
class Settlement:
    """The lines (positive: the member is to pay), the year per member, and what keeps it from being booked."""

    lines: tuple[CostLine, ...]
    members: tuple[MemberYear, ...]
    blocking: tuple[Blocking, ...]


def settle(given: SettlementInput) -> Settlement:
    """Every member that paid, cost or had something carried."""
    paid, cost = _paid(given), _cost(given.months)
    rest = settled_rest(given.months)
    names = sorted({*paid, *cost, *rest, *given.carried})
    years = tuple(
        _year(given, name, paid.get(name, 0), cost.get(name, 0) + rest.get(name, 0), rest.get(name, 0))
        for name in names
    )
    lines = tuple(_line(given, each) for each in years if each.balance_ore)
    return Settlement(lines, years, self_cost(given, years))


def _paid(given: SettlementInput) -> dict[str, int]:
    """What was charged in the year: advances less what they carried, and the lines of months paid in arrears."""
    found: dict[str, int] = {}
    arrears = (line for cost, version in given.months if version.payment.kind == "arrears" for line in cost.lines)
    for line in (*given.advances, *arrears):
        found[line.member] = found.get(line.member, 0) + line.amount_ore
    return found


def _cost(months: Iterable[tuple[MonthCost, Agreement]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for cost, _ in months:
        for line in cost.lines:
            found[line.member] = found.get(line.member, 0) + line.amount_ore
    return found


def settled_rest(months: Iterable[tuple[MonthCost, Agreement]]) -> dict[str, int]:
    """What pools left to settlement over the year, by each member's exact öre in the pool; evenly among its members where it has none."""
    rest: dict[str, int] = {}
    weights: dict[str, dict[str, Fraction]] = {}
    for cost, _ in months:
        for total in cost.pools:
            rest[total.pool] = rest.get(total.pool, 0) + total.to_settlement_ore
        for line in cost.lines:
            own = weights.setdefault(line.pool, {})
            own[line.member] = own.get(line.member, Fraction(0)) + line.exact_ore
    found: dict[str, int] = {}
    for pool, ore in sorted(rest.items()):
        own = {member: max(weight, Fraction(0)) for member, weight in weights.get(pool, {}).items()}
        if ore and own:
            for member, part in apportion(ore, own if any(own.values()) else dict.fromkeys(own, Fraction(1))).items():
                found[member] = found.get(member, 0) + part
    return found


def _year(given: SettlementInput, member: str, paid: int, cost: int, settled: int) -> MemberYear:
    balance = paid + given.carried.get(member, 0) - cost
    way = given.last.payment.surplus if balance > 0 else given.last.payment.deficit
    action: Action = "none"
    if balance:
        leaves = given.final or member not in given.staying
        action = "carry" if way == "carry" and not leaves else ("refund" if balance > 0 else "charge")
    return MemberYear(member, paid, given.carried.get(member, 0), cost, settled, action)


def _line(given: SettlementInput, year: MemberYear) -> CostLine:
    last = given.months[-1][0].month
    versions = ((given.last.agreement.version, len(last.days())),)
    name = f"{given.year}/settlement/{year.member}/{year.action}"
    return CostLine(
        name,
        given.agreement,
        versions,
        "settlement",
        year.member,
        None,
        "settlement",
        -year.balance_ore,
        Fraction(-year.balance_ore),
    )


def self_cost(given: SettlementInput, years: Iterable[MemberYear]) -> tuple[Blocking, ...]:
    """Charged + carried - cost = 0 for the agreement and the year (S3): what all paid and are to pay, less what is carried on, is the pools' öre."""
    years = tuple(years)
    charged = sum(each.paid_ore for each in years) - sum(
        each.balance_ore for each in years if each.action in {"refund", "charge"}
    )
    carried = sum(each.carried_in_ore for each in years) - sum(
        each.balance_ore for each in years if each.action == "carry"
    )
    cost = sum(total.amount_ore for month, _ in given.months for total in month.pools)
    if charged + carried == cost:
        return ()
    text = f"charged {charged} + carried {carried} - cost {cost} = {charged + carried - cost} öre, not 0"
    return (Blocking("self-cost", text),)


def carried_out(lines: Iterable[CostLine]) -> dict[str, int]:
    """Member → öre carried on by a settlement's lines, in its favour."""
    return {line.member: -line.amount_ore for line in lines if line.line.endswith("/carry")}


def outstanding(
    settled: Mapping[int, Iterable[CostLine]], advances: Mapping[int, Iterable[CostLine]], year: int
) -> dict[str, int]:
    """What is carried and not yet used by an advance, before the advance of `year`; years map to booked lines."""
    latest = max((each for each in settled if each < year), default=None)
    found = carried_out(settled[latest]) if latest is not None else {}
    for each, lines in advances.items():
        if latest is not None and latest < each < year:
            for line in lines:
                if line.pool == CARRIED:
                    found[line.member] = found.get(line.member, 0) + line.amount_ore
    return {member: ore for member, ore in sorted(found.items()) if ore}
