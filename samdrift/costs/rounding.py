"""One rounding per pool and period, with the remainder carried through the calendar year where the agreement says so (costs.md R1, R4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from samdrift.costs.key import Weights
from samdrift.model.money import Tie, round_shares

Earlier = Mapping[str, tuple[Fraction, int]]
"""member → (exact öre, öre booked) of the calendar year's earlier months, when the remainder is carried."""


def round_carried(
    exact: Weights, earlier: Earlier, tie: Tie, eligible: Collection[str] | None = None
) -> dict[str, int]:
    """This month's öre = rounding of the year's cumulative exact shares, less what earlier months booked (R4).

    A member of earlier months that has left stays in the sum; it gets a line only when its öre move.
    """
    members = {*exact, *earlier}
    nothing = (Fraction(0), 0)
    cumulative = {member: exact.get(member, Fraction(0)) + earlier.get(member, nothing)[0] for member in members}
    able = None if eligible is None else {*eligible, *(member for member in earlier if cumulative[member])}
    rounded = round_shares(cumulative, tie, able)
    booked = {member: rounded[member] - earlier.get(member, nothing)[1] for member in sorted(members)}
    return {member: ore for member, ore in booked.items() if member in exact or ore}
