"""Minimum and cap inside a pool: the one lambda that makes the pool exact (costs.md K7)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.costs.key import KeyBlocks


def bound(
    pool_ore: int,
    shares: Mapping[str, Fraction],
    taking_part: Mapping[str, Fraction],
    minimum: int | None,
    cap: int | None,
) -> dict[str, Fraction]:
    """Exact öre per member: lambda × share held within [minimum, cap], both by days taking part, summing to the pool.

    `shares` may lack a member that takes part (weight 0): it gets its minimum. A pool ≤ 0 is split without bounds (P7).
    Raises KeyBlocks `minimum-infeasible` or `cap-infeasible` when no lambda does it.
    """
    plain = {member: pool_ore * shares.get(member, Fraction(0)) for member in {*shares, *taking_part}}
    if pool_ore <= 0 or (minimum is None and cap is None):
        return plain
    low = {member: Fraction(minimum or 0) * taking_part.get(member, Fraction(0)) for member in plain}
    high = {
        member: Fraction(cap) * taking_part.get(member, Fraction(0)) if cap is not None else None for member in plain
    }
    return _solve(Fraction(pool_ore), {member: shares.get(member, Fraction(0)) for member in plain}, low, high)


def _solve(
    total: Fraction, shares: Mapping[str, Fraction], low: Mapping[str, Fraction], high: Mapping[str, Fraction | None]
) -> dict[str, Fraction]:
    """Water-filling over the break points of lambda; the sum grows piecewise linearly, so the right piece is found by walking them."""

    def at(factor: Fraction) -> dict[str, Fraction]:
        amounts = {}
        for member, share in shares.items():
            amount, top = max(factor * share, low[member]), high[member]
            amounts[member] = amount if top is None else min(amount, max(top, low[member]))
        return amounts

    points = {Fraction(0)}
    for member, share in shares.items():
        if share > 0:
            points.add(low[member] / share)
            top = high[member]
            if top is not None:
                points.add(max(top, low[member]) / share)
    if sum(low.values(), Fraction(0)) > total:
        raise KeyBlocks("minimum-infeasible", "the minimum fees together are more than the pool")
    below = Fraction(0)
    for above in sorted(points):
        if sum(at(above).values()) >= total:
            return _between(total, at(below), at(above))
        below = above
    beyond = at(below + 1)
    growth = sum(beyond.values()) - sum(at(below).values())
    if growth == 0:
        raise KeyBlocks("cap-infeasible", "the caps together are less than the pool")
    return _between(total, at(below), beyond)


def _between(total: Fraction, first: dict[str, Fraction], second: dict[str, Fraction]) -> dict[str, Fraction]:
    """The point on the line from `first` to `second` (also beyond it) whose sum is the total."""
    start, end = sum(first.values(), Fraction(0)), sum(second.values(), Fraction(0))
    if start == end:
        return first
    way = (total - start) / (end - start)
    return {member: first[member] + way * (second[member] - first[member]) for member in first}
