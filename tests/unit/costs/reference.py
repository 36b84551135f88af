"""A second, naive reading of costs.md P2-P7, K2-K7, R1-R4, sharing no code with the program: what the program's öre are compared with.

It works day by day, in plain loops, and finds the lambda of minimum and cap by trying every set of members that are held.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product


def largest_remainder(exact: dict[str, Fraction], weightless: set[str]) -> dict[str, int]:
    """One öre at a time to whoever lacks most; then the larger share, then the id."""
    total = sum(exact.values())
    assert total.denominator == 1
    sign = -1 if total < 0 else 1
    parts = {member: int(abs(share)) for member, share in exact.items()}
    while sum(parts.values()) < abs(total):
        able = [member for member in exact if member not in weightless] or list(exact)
        best = min(able, key=lambda member: (parts[member] - abs(exact[member]), -abs(exact[member]), member))
        parts[best] += 1
    return {member: sign * part for member, part in parts.items()}


def shares_of(
    key: dict, present: dict[str, list[date]], month_days: int, use: dict, fallback: str
) -> dict[str, Fraction]:
    """Weight by weight, normalised in each node."""
    if key["kind"] == "composite":
        found: dict[str, Fraction] = {}
        for share, inner in key["parts"]:
            part = (
                {inner: Fraction(1)} if isinstance(inner, str) else shares_of(inner, present, month_days, use, fallback)
            )
            for member, each in part.items():
                found[member] = found.get(member, Fraction(0)) + share * each
        return found
    weights = {}
    for member, days in present.items():
        if key["kind"] == "usage":
            weights[member] = sum(
                (use.get(key["meter"], {}).get(member, {}).get(day, Fraction(0)) for day in days), Fraction(0)
            )
        else:
            weights[member] = (key["weights"][member] if key["kind"] == "fixed" else 1) * Fraction(
                len(days), month_days
            )
    whole = sum(weights.values())
    if not whole:
        assert fallback == "even"
        weights = {member: Fraction(len(days), month_days) for member, days in present.items()}
        whole = sum(weights.values())
    return {member: weight / whole for member, weight in weights.items()}


def held(
    total: Fraction, shares: dict[str, Fraction], low: dict[str, Fraction], high: dict[str, Fraction]
) -> dict[str, Fraction] | None:
    """Every way to hold members at their least or most, and the others at lambda × share: the way that holds together is the one."""
    members = sorted(shares)
    for state in product(("free", "low", "high"), repeat=len(members)):
        how = dict(zip(members, state, strict=True))
        if any(how[member] == "free" and not shares[member] for member in members):
            continue  # lambda × 0 is always below the least
        free = sum(shares[member] for member in members if how[member] == "free")
        fixed = sum(
            low[member] if how[member] == "low" else high[member] for member in members if how[member] != "free"
        )
        if free == 0:
            if fixed != total:
                continue
            # any lambda that puts each member on its side will do
            above = [high[member] / shares[member] for member in members if how[member] == "high" and shares[member]]
            below = [low[member] / shares[member] for member in members if how[member] == "low" and shares[member]]
            stuck = any(
                how[member] == "high" and not shares[member] and high[member] > low[member] for member in members
            )
            if not stuck and (not above or not below or max(above) <= min(below)):
                return {member: low[member] if how[member] == "low" else high[member] for member in members}
            continue
        factor = (total - fixed) / free
        if factor < 0:
            continue
        right = {member: min(max(factor * shares[member], low[member]), high[member]) for member in members}
        if sum(right.values()) == total:
            return right
    return None
