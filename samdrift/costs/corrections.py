"""Corrections: what a closed month would be today, less all that was booked for it, as lines of the open month (costs.md C4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from samdrift.costs.allocation import member_totals
from samdrift.model.cost import Booking, CostLine, MonthCost, PoolDelta, PoolTotal
from samdrift.model.period import Month

APART = frozenset({"correction", "advance", "settlement"})
"""Components that are not the month's own split."""


@dataclass(frozen=True)
class Correction:
    """Lines for the open month, and what they change in the pools' totals; both empty when nothing differs."""

    lines: tuple[CostLine, ...]
    pools: tuple[PoolDelta, ...]


def with_corrections(cost: MonthCost, booked: Iterable[Booking]) -> MonthCost:
    """The month with the corrections that show in it: their lines, and totals in which lines + settlement still are the pool."""
    shown = [each for each in booked if each.kind == "correction" and each.period == str(cost.month)]
    if not shown:
        return cost
    lines = sorted([*cost.lines, *(line for each in shown for line in each.lines)], key=lambda line: line.line)
    totals = {each.pool: each for each in cost.pools}
    for booking in shown:
        for delta in booking.pools:
            before = totals.get(delta.pool, PoolTotal(delta.pool, 0, 0, 0, 0))
            allocated = sum(line.amount_ore for line in booking.lines if line.pool == delta.pool)
            totals[delta.pool] = replace(
                before,
                amount_ore=before.amount_ore + delta.amount_ore,
                allocated_ore=before.allocated_ore + allocated,
                to_settlement_ore=before.to_settlement_ore + delta.to_settlement_ore,
            )
    pools = tuple(sorted(totals.values(), key=lambda each: each.pool))
    return replace(cost, lines=tuple(lines), pools=pools, members=member_totals(lines))


def correction(closed: MonthCost, booked: Iterable[Booking], now: MonthCost, *, shown_in: Month) -> Correction:
    """Per pool and member: today's rounded öre less the closed month's and all corrections of it.

    `booked` are all bookings of the agreement. A second run, after the first was booked, gives nothing.
    """
    booked = tuple(booked)
    about = [each for each in booked if each.kind == "correction" and each.about == str(closed.month)]
    before = [line for line in closed.lines if line.component not in APART]
    was, today = _sums([*before, *(line for each in about for line in each.lines)]), _sums(now.lines)
    number = sum(each.period == str(shown_in) for each in about) + 1
    old, new = _first(before), _first(now.lines)
    lines = []
    for pool, member in sorted({*was, *today}):
        ore, exact = (
            today.get((pool, member), _NOTHING)[part] - was.get((pool, member), _NOTHING)[part] for part in (0, 1)
        )
        if not ore:
            continue
        model = old.get((pool, member)) or new[pool, member]
        name = f"{shown_in}/{pool}/{member}/correction/{closed.month}{f'/{number}' if number > 1 else ''}"
        lines.append(
            replace(
                model, line=name, component="correction", amount_ore=int(ore), exact_ore=Fraction(exact), share=None, quantity=None, unit=None,
                price=None, estimated_share=Fraction(0), corrects=model.line, documents=new.get((pool, member), model).documents,
                versions=new.get((pool, member), model).versions,
            )
        )  # fmt: skip
    return Correction(tuple(lines), _deltas(closed, booked, about, now))


_NOTHING: tuple[int, Fraction] = (0, Fraction(0))


def _sums(lines: Iterable[CostLine]) -> dict[tuple[str, str], tuple[int, Fraction]]:
    found: dict[tuple[str, str], tuple[int, Fraction]] = {}
    for line in lines:
        ore, exact = found.get((line.pool, line.member), _NOTHING)
        found[line.pool, line.member] = (ore + line.amount_ore, exact + line.exact_ore)
    return found


def _first(lines: Iterable[CostLine]) -> dict[tuple[str, str], CostLine]:
    found: dict[tuple[str, str], CostLine] = {}
    for line in sorted(lines, key=lambda each: each.line, reverse=True):
        found[line.pool, line.member] = line
    return found


def _deltas(
    closed: MonthCost, booked: Iterable[Booking], about: list[Booking], now: MonthCost
) -> tuple[PoolDelta, ...]:
    """Today's totals less the closed month's own (without corrections of other months that showed in it) and earlier corrections."""
    shown = [each for each in booked if each.kind == "correction" and each.period == str(closed.month)]
    was: dict[str, tuple[int, int]] = {each.pool: (each.amount_ore, each.to_settlement_ore) for each in closed.pools}
    for sign, those in ((-1, shown), (1, about)):
        for delta in (delta for each in those for delta in each.pools):
            amount, settled = was.get(delta.pool, (0, 0))
            was[delta.pool] = (amount + sign * delta.amount_ore, settled + sign * delta.to_settlement_ore)
    today: Mapping[str, tuple[int, int]] = {each.pool: (each.amount_ore, each.to_settlement_ore) for each in now.pools}
    found = []
    for pool in sorted({*was, *today}):
        (old_amount, old_settled), (amount, settled) = was.get(pool, (0, 0)), today.get(pool, (0, 0))
        if (amount, settled) != (old_amount, old_settled):
            found.append(PoolDelta(pool, amount - old_amount, settled - old_settled))
    return tuple(found)
