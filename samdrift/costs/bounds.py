"""Minimum and cap inside a pool: the one lambda that makes the pool exact (costs.md K7)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.costs.key import KeyBlocks

Limits = Mapping[str, tuple[Fraction, Fraction | None]]
"""member → (the least, the most or None) in öre."""


def bound(
    pool_ore: int,
    shares: Mapping[str, Fraction],
    taking_part: Mapping[str, Fraction],
    minimum: int | None,
    cap: int | None,
) -> dict[str, Fraction]:
    """Exact öre per member: lambda × share held within [minimum, cap], both by days taking part, summing to the pool.

    `shares` may lack a member that takes part (weight 0): it gets its minimum; and have one that does not (the host with idle
    capacity): it has no bounds. A pool ≤ 0 is split without bounds (P7). Raises KeyBlocks `minimum-infeasible` or
    `cap-infeasible` when no lambda does it.
    """
    held = {member: shares.get(member, Fraction(0)) for member in sorted({*shares, *taking_part})}
    if pool_ore <= 0 or (minimum is None and cap is None):
        return {member: pool_ore * share for member, share in held.items()}
    if minimum is not None and cap is not None and minimum > cap:
        raise KeyBlocks("cap-infeasible", "the cap is less than the minimum fee")
    limits = {
        member: (
            (minimum or 0) * taking_part.get(member, Fraction(0)),
            cap * taking_part[member] if cap is not None and member in taking_part else None,
        )
        for member in held
    }
    return _solve(Fraction(pool_ore), held, limits)


def _solve(total: Fraction, shares: Mapping[str, Fraction], limits: Limits) -> dict[str, Fraction]:
    """The sum of lambda × share within limits grows piecewise linearly in lambda; each break point changes the slope once.

    Walking the sorted break points, the sum and the slope are kept, so that a pool of n members takes n log n steps.
    """
    reached = sum((low for low, _ in limits.values()), Fraction(0))
    if reached > total:
        raise KeyBlocks("minimum-infeasible", "the minimum fees together are more than the pool")
    slope, factor = Fraction(0), Fraction(0)
    for point, change in _breaks(shares, limits):
        after = reached + slope * (point - factor)
        if after >= total:
            break
        reached, factor, slope = after, point, slope + change
    if reached < total:
        if slope == 0:
            raise KeyBlocks("cap-infeasible", "the caps together are less than the pool")
        factor += (total - reached) / slope
    return {member: _held(factor * share, *limits[member]) for member, share in shares.items()}


def _breaks(shares: Mapping[str, Fraction], limits: Limits) -> list[tuple[Fraction, Fraction]]:
    """(lambda, change of slope) where a member's amount begins to grow past its minimum, and where it stops at its cap."""
    found = []
    for member, share in shares.items():
        if share > 0:
            low, high = limits[member]
            found.append((low / share, share))
            if high is not None:
                found.append((high / share, -share))
    return sorted(found)


def _held(amount: Fraction, low: Fraction, high: Fraction | None) -> Fraction:
    amount = max(amount, low)
    return amount if high is None else min(amount, high)
