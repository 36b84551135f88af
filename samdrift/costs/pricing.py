"""Pricing: base fees and priced usage of a pool, each rounded once per member, price item and month (costs.md P3, P4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from samdrift.model.money import half_away_from_zero
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month


@dataclass(frozen=True, slots=True)
class PricedAmount:
    """What one price item gives one member: exact and rounded öre, quantity in priced units, kronor per unit when it was one price."""

    item: str
    component: Literal["base", "priced", "minimum"]
    member: str
    exact_ore: Fraction
    amount_ore: int
    quantity: Fraction | None = None
    unit: str | None = None
    price: Fraction | None = None


def rows_of(prices: Iterable[Price], item: str) -> tuple[Price, ...]:
    """The dated rows of one price item, oldest first."""
    return tuple(sorted((row for row in prices if row.id == item), key=lambda row: row.from_))


def row_on(rows: Iterable[Price], day: date) -> Price | None:
    """The row in force on a day: [from, to), a later row ends an earlier one."""
    valid = [row for row in rows if row.from_ <= day and (row.to is None or day < row.to)]
    return max(valid, key=lambda row: row.from_, default=None)


def base_fees(
    item: str, rows: tuple[Price, ...], days: Mapping[str, tuple[date, ...]], month: Month
) -> list[PricedAmount]:
    """Monthly fee × days taking part / days in month, per member; the fee in force each day."""
    found = []
    for member, taken in sorted(days.items()):
        exact = sum(
            (
                Fraction(row.fee, len(month.days()))
                for day in taken
                if (row := row_on(rows, day)) and row.fee is not None
            ),
            Fraction(0),
        )
        found.append(PricedAmount(item, "base", member, exact, half_away_from_zero(exact)))
    return found


def priced_usage(
    item: str,
    rows: tuple[Price, ...],
    usage: Mapping[str, Mapping[date, Fraction]],
    days: Mapping[str, tuple[date, ...]],
    month: Month,
) -> list[PricedAmount]:
    """Each day's quantity at that day's price; tiers are filled in time order, per member and month; a minimum tops up."""
    found = []
    for member, taken in sorted(days.items()):
        by_day = usage.get(member, {})
        filled, exact, prices, unit = Fraction(0), Fraction(0), set[Fraction](), None
        for day in taken:
            row = row_on(rows, day)
            quantity = by_day.get(day, Fraction(0))
            if row is None:
                continue
            unit = row.unit or unit
            exact += 100 * _tiered(row, filled, quantity)
            if row.price is not None:
                prices.add(row.price)
            filled += quantity
        price = prices.pop() if len(prices) == 1 else None
        found.append(PricedAmount(item, "priced", member, exact, half_away_from_zero(exact), filled, unit, price))
        found.extend(_minimum(item, rows, member, taken, month, half_away_from_zero(exact)))
    return found


def _tiered(row: Price, filled: Fraction, quantity: Fraction) -> Fraction:
    """Kronor for `quantity` when `filled` units came before; a threshold is in the lower tier."""
    if row.price is not None:
        return row.price * quantity
    kronor, position, rest = Fraction(0), filled, quantity
    for tier in row.tiers:
        if rest == 0:
            break
        room = rest if tier.up_to is None else max(Fraction(0), tier.up_to - position)
        taken = min(rest, room)
        kronor, position, rest = kronor + taken * tier.price, position + taken, rest - taken
    return kronor


def _minimum(
    item: str, rows: tuple[Price, ...], member: str, taken: tuple[date, ...], month: Month, amount: int
) -> list[PricedAmount]:
    daily = [
        Fraction(row.minimum, len(month.days()))
        for day in taken
        if (row := row_on(rows, day)) and row.minimum is not None
    ]
    if not daily:
        return []
    floor = sum(daily, Fraction(0))
    missing = half_away_from_zero(floor) - amount
    return [PricedAmount(item, "minimum", member, Fraction(missing), missing)] if missing > 0 else []
