"""Advance: the year's budget split by key in the due months, rounded once per instalment, less what is carried (costs.md S1, S2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from samdrift.costs.key import KeyBlocks, KeyContext, Weights, split
from samdrift.costs.order import key_name, ordered_pools
from samdrift.costs.overhead import over_weights
from samdrift.costs.participation import Participation, VersionDays, days_between, fractions_of, versions_on
from samdrift.costs.spread import part_of
from samdrift.costs.vat import vat_of
from samdrift.model.cost import Blocking, CostLine
from samdrift.model.money import apportion
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.budget import Budget
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.service import Service
from samdrift.model.period import Month

CARRIED = "carried"
"""The pool of lines that only move what was carried."""


@dataclass(frozen=True)
class AdvanceInput:
    """What a year's advance depends on; `carried` is member → öre carried in its favour (negative: against it)."""

    year: int
    agreement: str
    agreements: tuple[Agreement, ...]
    budget: Budget
    members: Mapping[str, Member]
    populations: Mapping[str, Population]
    services: Mapping[str, Service]
    carried: Mapping[str, int]


@dataclass(frozen=True)
class Advance:
    """The lines of all instalments, by id, and what keeps them from being booked."""

    lines: tuple[CostLine, ...]
    blocking: tuple[Blocking, ...]


def advance(given: AdvanceInput) -> Advance:
    """Per due month, pool and member one line; in the first due month one more for each member to whom something was carried."""
    lines: list[CostLine] = []
    blocking: list[Blocking] = []
    due = due_months(given.agreements, given.agreement, given.year)
    for number, month in enumerate(due):
        until = due[number + 1].first_day if number + 1 < len(due) else date(given.year + 1, 1, 1)
        begin = date(given.year, 1, 1) if number == 0 else month.first_day
        version = _in_force(given, month)
        days = next(
            (
                each
                for each in versions_on(given.agreements, given.agreement, days_between(begin, until))
                if each.agreement is version
            ),
            None,
        )
        if days is not None:
            _instalment(given, days, month, Fraction(number, len(due)), Fraction(number + 1, len(due)), lines, blocking)
    if due and lines:
        lines += _carried_lines(given, due[0])
    return Advance(tuple(sorted(lines, key=lambda line: line.line)), tuple(blocking))


def due_months(agreements: Iterable[Agreement], agreement: str, year: int) -> tuple[Month, ...]:
    """The months of the year in which an instalment is due, by the version in force on the first of each."""
    found = set()
    for each in agreements:
        head = each.agreement
        if each.id == agreement and each.payment.kind == "advance":
            months = (Month(year, number) for number in each.payment.due)
            found |= {
                month
                for month in months
                if head.from_ <= month.first_day and (head.to is None or month.first_day < head.to)
            }
    return tuple(sorted(found))


def _in_force(given: AdvanceInput, month: Month) -> Agreement:
    return versions_on(given.agreements, given.agreement, (month.first_day,))[0].agreement


def _instalment(
    given: AdvanceInput,
    version: VersionDays,
    month: Month,
    start: Fraction,
    end: Fraction,
    lines: list[CostLine],
    blocking: list[Blocking],
) -> None:
    agreement = version.agreement
    amounts = {pool: part_of(ore, start, end) for pool, ore in given.budget.pools.items()}
    shares: dict[str, Weights] = {}
    direct: dict[str, Weights] = {}
    for name in ordered_pools((agreement,)):
        try:
            shares[name] = _shares(given, version, name, shares, direct, amounts)
        except KeyBlocks as fault:
            shares[name] = {}
            if amounts.get(name):
                blocking.append(Blocking(fault.code, f"{name}: {fault.text}", name, fault.member, fault.meter))
            continue
        direct[name] = {member: amounts.get(name, 0) * share for member, share in shares[name].items()}
        if name in amounts:
            lines += _lines(given, version, month, name, amounts[name], shares[name])
    for name in sorted(set(amounts) - set(agreement.pools)):
        blocking.append(
            Blocking(
                "unknown-pool", f"the budget has {name}, which version {agreement.agreement.version} has not", name
            )
        )


def _shares(
    given: AdvanceInput,
    version: VersionDays,
    name: str,
    shares: Mapping[str, Weights],
    direct: Mapping[str, Weights],
    amounts: Mapping[str, int],
) -> Weights:
    """By the pool's key on the days that the instalment covers; the use of a coming year is unknown, so a usage key falls back (K6)."""
    agreement, pool = version.agreement, version.agreement.pools[name]
    participation = Participation(given.members)
    if pool.over:
        return over_weights(pool.over, shares, amounts)
    key = agreement.keys.get(key_name(pool, agreement) or "")
    if key is None:
        raise KeyBlocks("unknown-key", "the pool has no key that its budget could be split by")
    context = KeyContext(
        taking_part=fractions_of(participation.days(version, pool), len(version.days)), kinds=participation.kinds, keys=agreement.keys,
        host=agreement.agreement.host, usage={}, direct=direct, populations=given.populations, capacity_factor={},
        fallback=pool.fallback or agreement.fallback,
    )  # fmt: skip
    plain = {"capacity": None, **({"fallback": pool.fallback} if pool.fallback else {})}
    return dict(split(key.model_copy(update=plain), context).shares)


def _lines(
    given: AdvanceInput, version: VersionDays, month: Month, name: str, ore: int, shares: Weights
) -> list[CostLine]:
    agreement = version.agreement
    pool = agreement.pools[name]
    category, rate = vat_of(given.services.get(pool.service or ""), agreement, month)
    rounded = apportion(ore, shares, agreement.rounding.tie)
    return [
        CostLine(
            f"{month}/{name}/{member}/advance", given.agreement, ((agreement.agreement.version, len(version.days)),), name, member, pool.service, "advance",
            rounded[member], ore * share, share, vat_category=category, vat_rate=rate, documents=(f"budget:{given.budget.id}",),
        )
        for member, share in sorted(shares.items())
    ]  # fmt: skip


def _carried_lines(given: AdvanceInput, month: Month) -> list[CostLine]:
    version = _in_force(given, month)
    category, rate = vat_of(None, version, month)
    versions = ((version.agreement.version, len(month.days())),)
    return [
        CostLine(
            f"{month}/{CARRIED}/{member}/settlement", given.agreement, versions, CARRIED, member, None, "settlement", -ore, Fraction(-ore),
            vat_category=category, vat_rate=rate,
        )
        for member, ore in sorted(given.carried.items())
        if ore
    ]  # fmt: skip
