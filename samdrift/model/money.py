"""Money: integer öre and the one exact largest-remainder function (costs.md X1, X2, R1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from math import lcm
from typing import Literal

Ore = int
Tie = Literal["larger-share-then-id", "id"]


def half_away_from_zero(value: Fraction) -> int:
    """The whole number nearest to `value`, halves away from zero (X2)."""
    whole, rest = divmod(abs(value).numerator, abs(value).denominator)
    rounded = whole + (1 if 2 * rest >= abs(value).denominator else 0)
    return -rounded if value < 0 else rounded


_CURRENCY = re.compile(r"(?i)\b(sek|kr|eur|usd|gbp|nok|dkk|chf)\b|[€$£]|[0-9](kr|sek|eur)\b")


DECIMALS = 2
"""Of an amount in kronor, at most."""


class KronorFault(ValueError):
    """Text that is no amount in kronor; `code` is `currency`, `fraction-of-ore`, `out-of-range` or `number-syntax`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read_ore(text: str | int) -> Ore:
    """Öre of kronor written with at most two decimals (`1234.50`); KronorFault otherwise. SEK alone, and never named (X1)."""
    from samdrift.model.quantity import read_decimal

    if _CURRENCY.search(str(text)):
        raise KronorFault("currency", f"{text!r} names a currency; amounts are kronor, written as a number alone")
    try:
        value = read_decimal(text) * 100
    except ValueError as error:
        raise KronorFault("number-syntax", str(error)) from None
    if value.denominator != 1:
        raise KronorFault("fraction-of-ore", f"{text!r} has a fraction of an öre")
    if len(str(text).partition(".")[2]) > DECIMALS:
        raise KronorFault("fraction-of-ore", f"{text!r} has more than two decimals: 10.000 may have been meant as ten thousand")
    return value.numerator


def read_bound(text: str | int) -> Ore:
    """Öre of kronor that bound what is paid; KronorFault `out-of-range` below 0."""
    ore = read_ore(text)
    if ore < 0:
        raise KronorFault("out-of-range", f"{text} kr is below 0; the least or most that is paid is not")
    return ore


def floor_of(numerator: int, denominator: int) -> int:
    """The largest whole number not above numerator/denominator (denominator > 0), said without dividing a negative number (X1)."""
    if numerator >= 0:
        return numerator // denominator
    whole, rest = divmod(abs(numerator), denominator)
    return -whole - (1 if rest else 0)


def floor_magnitude(value: Fraction) -> int:
    """The whole part of a value that is not negative; ValueError for one that is."""
    if value < 0:
        raise ValueError(f"{value} is negative")
    return floor_of(value.numerator, value.denominator)


def round_shares(
    shares: Mapping[str, Fraction], tie: Tie = "larger-share-then-id", eligible: Collection[str] | None = None
) -> dict[str, int]:
    """Round exact shares whose sum is a whole number so that the parts sum to it (largest remainder, R1).

    |share| is floored when the sum is not negative, and all is mirrored when it is. Only `eligible` ones (default: shares
    other than 0) get a missing unit. Raises ValueError when the sum is not whole.
    """
    common = lcm(*(share.denominator for share in shares.values()))
    scaled = {member: share.numerator * exactly(common, share.denominator) for member, share in shares.items()}
    total = sum(scaled.values())
    if total % common:
        raise ValueError(f"shares sum to {Fraction(total, common)}, not to a whole number")
    able = {member for member in scaled if (scaled[member] != 0 if eligible is None else member in eligible)}
    return _largest_remainder(scaled, common, tie, able or set(scaled))


def exactly(number: int, divisor: int) -> int:
    """number / divisor where that is whole and neither is negative; ValueError otherwise."""
    whole, rest = divmod(abs(number), divisor)
    if rest or number < 0:
        raise ValueError(f"{number}/{divisor} is not whole")
    return whole


def _largest_remainder(scaled: Mapping[str, int], unit: int, tie: Tie, able: Collection[str]) -> dict[str, int]:
    """Whole parts of scaled/unit that sum to the whole sum: floored, then one more for the largest remainders among the able."""
    total = sum(scaled.values())
    sign = -1 if total < 0 or all(value <= 0 for value in scaled.values()) else 1
    parts: dict[str, int] = {}
    ranks: list[tuple[int, int, str]] = []
    for member, value in sorted(scaled.items()):
        mirrored = sign * value
        parts[member] = floor_of(mirrored, unit)
        if member in able:
            ranks.append((parts[member] * unit - mirrored, -mirrored if tie == "larger-share-then-id" else 0, member))
    missing = exactly(abs(total), unit) - sum(parts.values())
    rounds, last = divmod(abs(missing), len(ranks)) if ranks else (0, 0)
    for index, (_, _, member) in enumerate(sorted(ranks) if missing else ()):
        parts[member] += rounds + (1 if index < last else 0)
    return {member: sign * part for member, part in parts.items()}


def apportion(total: int, weights: Mapping[str, Fraction], tie: Tie = "larger-share-then-id") -> dict[str, int]:
    """Split the integer `total` by `weights` so that the parts sum to it exactly (largest remainder, R1).

    Negative totals are mirrored. A weight of 0 gets nothing, not even a remainder. Ties: the larger share first,
    then the id by code point. Raises ValueError when a weight is negative, or all are 0 and total is not.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("negative weight")
    common = lcm(*(weight.denominator for weight in weights.values()))
    scaled = {member: weight.numerator * exactly(common, weight.denominator) for member, weight in weights.items()}
    whole = sum(scaled.values())
    if whole == 0:
        if total:
            raise ValueError("all weights are 0")
        return dict.fromkeys(sorted(weights), 0)
    able = {member for member, weight in scaled.items() if weight}
    return _largest_remainder({member: total * weight for member, weight in scaled.items()}, whole, tie, able)
