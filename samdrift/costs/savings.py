"""Savings: joint cost against stand-alone cost per service and member, the auditors' way; a loss is shown (costs.md W1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from samdrift.costs.spread import part_of
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.money import half_away_from_zero
from samdrift.model.nouns.stand_alone import StandAlone

APART = frozenset({"advance", "settlement"})


@dataclass(frozen=True, slots=True)
class Saving:
    """Öre of the closed months for one service and member; no stand-alone figure, no saving. `rows` say where the figures are from."""

    service: str
    member: str
    months: int
    joint_ore: int
    stand_alone_ore: int | None
    rows: tuple[StandAlone, ...] = ()

    @property
    def saving_ore(self) -> int | None:
        """Positive when the joint service is cheaper."""
        return None if self.stand_alone_ore is None else self.stand_alone_ore - self.joint_ore

    @property
    def ratio(self) -> Fraction | None:
        """Saving over stand-alone cost, exact; None without a figure or when it is 0."""
        return (
            Fraction(self.saving_ore, self.stand_alone_ore)
            if self.saving_ore is not None and self.stand_alone_ore
            else None
        )

    @property
    def hundredths_of_percent(self) -> int | None:
        """The ratio in 1/100 per cent, half away from zero, for print."""
        return None if self.ratio is None else half_away_from_zero(self.ratio * 10_000)


def savings(months: Iterable[MonthCost], figures: Iterable[StandAlone]) -> tuple[Saving, ...]:
    """Per service and member over the closed months given; a year's figure counts a twelfth for each, as a document spread by months."""
    closed = sorted(months, key=lambda cost: cost.month)
    joint = _joint(line for cost in closed for line in cost.lines)
    alone: dict[tuple[str, str], list[StandAlone]] = {}
    for row in sorted(figures, key=lambda row: row.id):
        if any(cost.month.year == row.year for cost in closed):
            alone.setdefault((row.service, row.member), []).append(row)
    found = []
    for service, member in sorted({*joint, *alone}):
        rows = tuple(alone.get((service, member), ()))
        ore = sum(_of_months(row, closed) for row in rows) if rows else None
        found.append(Saving(service, member, len(closed), joint.get((service, member), 0), ore, rows))
    return tuple(found)


def _joint(lines: Iterable[CostLine]) -> dict[tuple[str, str], int]:
    """(service, or the pool of a cost without one; member) → öre."""
    found: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.component not in APART:
            key = (line.service or line.pool, line.member)
            found[key] = found.get(key, 0) + line.amount_ore
    return found


def _of_months(row: StandAlone, closed: Iterable[MonthCost]) -> int:
    """The year's figure in the months that are closed: floor(k/12) less floor((k-1)/12), so that twelve give the year."""
    numbers = (cost.month.month for cost in closed if cost.month.year == row.year)
    return sum(part_of(row.kronor, Fraction(number - 1, 12), Fraction(number, 12)) for number in numbers)
