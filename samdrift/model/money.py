"""Money: integer öre and the one exact largest-remainder function (costs.md X1, X2, R1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Literal

Ore = int
Tie = Literal["larger-share-then-id", "id"]


def half_away_from_zero(value: Fraction) -> int:
    """The whole number nearest to `value`, halves away from zero (X2)."""
    whole, rest = divmod(abs(value).numerator, abs(value).denominator)
    rounded = whole + (1 if 2 * rest >= abs(value).denominator else 0)
    return -rounded if value < 0 else rounded


def read_ore(text: str | int) -> Ore:
    """Öre of kronor written with at most two decimals (`1234.50`); ValueError otherwise."""
    from samdrift.model.quantity import read_decimal

    value = read_decimal(text) * 100
    if value.denominator != 1:
        raise ValueError(f"{text!r} has a fraction of an öre")
    return value.numerator


def round_shares(
    shares: Mapping[str, Fraction], tie: Tie = "larger-share-then-id", eligible: Collection[str] | None = None
) -> dict[str, int]:
    """Round exact shares whose sum is a whole number so that the parts sum to it (largest remainder, R1).

    |share| is floored and negatives mirrored when all shares have one sign; mixed signs are floored. Only `eligible` ones
    (default: shares other than 0) get a missing unit. Raises ValueError when the sum is not whole.
    """
    total = sum(shares.values(), Fraction(0))
    if total.denominator != 1:
        raise ValueError(f"shares sum to {total}, not to a whole number")
    sign = -1 if all(share <= 0 for share in shares.values()) else 1
    mirrored = {member: sign * share for member, share in sorted(shares.items())}
    parts = {member: share.numerator // share.denominator for member, share in mirrored.items()}
    missing = sign * total.numerator - sum(parts.values())
    able = [member for member in mirrored if (mirrored[member] != 0 if eligible is None else member in eligible)]

    def rank(member: str) -> tuple[Fraction, Fraction, str]:
        larger = -mirrored[member] if tie == "larger-share-then-id" else Fraction(0)
        return (parts[member] - mirrored[member], larger, member)

    for member in sorted(able, key=rank)[:missing]:
        parts[member] += 1
    return {member: sign * part for member, part in parts.items()}


def apportion(total: int, weights: Mapping[str, Fraction], tie: Tie = "larger-share-then-id") -> dict[str, int]:
    """Split the integer `total` by `weights` so that the parts sum to it exactly (largest remainder, R1).

    Negative totals are mirrored. A weight of 0 gets nothing, not even a remainder. Ties: the larger share first,
    then the id by code point. Raises ValueError when a weight is negative, or all are 0 and total is not.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("negative weight")
    whole = sum(weights.values(), Fraction(0))
    if whole == 0:
        if total:
            raise ValueError("all weights are 0")
        return dict.fromkeys(sorted(weights), 0)
    return round_shares({member: total * weight / whole for member, weight in weights.items()}, tie)
