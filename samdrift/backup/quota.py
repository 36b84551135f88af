"""Quota and forecast: how full a target and an owner's share of it are, and on which day they will be (backup.md B19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from samdrift.model.period import microseconds
from samdrift.model.volume import RepositoryDay, TargetDay

LEAST_POINTS = 3
FORECAST_DAYS = 30
FAR = timedelta(days=3650)
"""Further away than this a date says nothing."""
STEPS_PERCENT = (80, 95)


@dataclass(frozen=True, slots=True)
class Filling:
    """Bytes used of a limit at the last measurement, and when it is full if it goes on so; None: not in ten years, or too few days to tell."""

    used_bytes: int
    limit_bytes: int
    at: datetime
    full_at: datetime | None

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.used_bytes, self.limit_bytes) if self.limit_bytes else Fraction(1)

    @property
    def step_percent(self) -> int | None:
        """The highest step that is reached: 80, 95, or None."""
        reached = [step for step in STEPS_PERCENT if 100 * self.used_bytes >= step * self.limit_bytes]
        return max(reached, default=None)


def forecast(points: Sequence[tuple[datetime, int]], limit: int) -> datetime | None:
    """When a line through the points (least squares, exact) reaches the limit; the last instant when it is reached already.

    >>> from datetime import UTC
    >>> day = datetime(2026, 11, 1, tzinfo=UTC)
    >>> forecast([(day + timedelta(days=n), 10 * n) for n in range(5)], 100).date()
    datetime.date(2026, 11, 11)
    """
    if points and points[-1][1] >= limit:
        return points[-1][0]
    if len(points) < LEAST_POINTS:
        return None
    times = [microseconds(at) // 1_000_000 for at, _ in points]
    count, mean_t, mean_v = len(points), Fraction(sum(times), len(points)), Fraction(sum(value for _, value in points), len(points))
    over = sum((time - mean_t) * (value - mean_v) for time, (_, value) in zip(times, points, strict=True))
    under = sum((time - mean_t) ** 2 for time in times)
    if count < LEAST_POINTS or not under or over <= 0:
        return None
    left = (limit - points[-1][1]) / (over / under)
    return None if left > FAR.total_seconds() else points[-1][0] + timedelta(seconds=int(left))


def target_filling(days: Iterable[TargetDay]) -> dict[str, Filling]:
    """By site; a target whose free space nobody saw has none."""
    by_site: dict[str, list[TargetDay]] = {}
    for one in days:
        if one.free_bytes is not None and one.size_bytes:
            by_site.setdefault(one.site, []).append(one)
    found = {}
    for site, seen in by_site.items():
        last = seen[-1]
        limit = last.size_bytes or 0
        points = [(one.at, limit - (one.free_bytes or 0)) for one in seen]
        found[site] = Filling(limit - (last.free_bytes or 0), limit, last.at, forecast(points, limit))
    return found


def owner_filling(days: Iterable[RepositoryDay], quotas: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], Filling]:
    """By (owner, site), of owners with a quota there; `quotas` maps site → owner → bytes."""
    summed: dict[tuple[str, str], dict[date, tuple[datetime, int]]] = {}
    for one in days:
        if one.owner in quotas.get(one.site, {}):
            of_day = summed.setdefault((one.owner, one.site), {})
            at, size = of_day.get(one.day, (one.at, 0))
            of_day[one.day] = (max(at, one.at), size + one.stored_bytes)
    found = {}
    for (owner, site), by_day in summed.items():
        points = [by_day[day] for day in sorted(by_day)]
        limit = quotas[site][owner]
        found[owner, site] = Filling(points[-1][1], limit, points[-1][0], forecast(points, limit))
    return found
