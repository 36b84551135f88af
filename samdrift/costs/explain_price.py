"""How a base fee, priced usage or a minimum came to be, day by day where prices differ (costs.md P3, P4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.costs.explain_step import Step
from samdrift.costs.participation import Participation, VersionDays
from samdrift.costs.pricing import row_on, rows_of
from samdrift.model.cost import CostLine
from samdrift.model.nouns.price import Price
from samdrift.model.quantity import exact


def priced_steps(
    line: CostLine,
    prices: tuple[Price, ...],
    participation: Participation,
    versions: tuple[VersionDays, ...],
    daily: Mapping[str, Mapping[object, Fraction]],
) -> list[Step]:
    """Runs of days under one price row: fee × days / days in month, or quantity × price; tiers stand as their thresholds."""
    item = line.line.rsplit("/", 1)[1]
    rows = rows_of(prices, item)
    days = participation.over(versions, line.pool).get(line.member, ())
    month_days = sum(len(version.days) for version in versions)
    found: list[Step] = []
    for row in rows:
        valid = [day for day in days if row_on(rows, day) == row]
        if not valid:
            continue
        source = f"{row.id} from {row.from_}"
        if line.component == "base" and row.fee is not None:
            found.append(
                Step(
                    "fee",
                    f"{row.fee} × {len(valid)}/{month_days}",
                    f"{exact(Fraction(row.fee * len(valid), month_days))} öre",
                    source,
                )
            )
        elif line.component == "minimum" and row.minimum is not None:
            found.append(
                Step(
                    "minimum",
                    f"{row.minimum} × {len(valid)}/{month_days} - priced",
                    f"{exact(line.exact_ore)} öre",
                    source,
                )
            )
        elif line.component == "priced":
            quantity = sum((daily.get(row.meter or "", {}).get(day, Fraction(0)) for day in valid), Fraction(0))
            found.append(_priced(row, quantity, len(valid), source))
    return found


def _priced(row: Price, quantity: Fraction, days: int, source: str) -> Step:
    if row.price is not None:
        return Step(
            "price",
            f"{exact(quantity)} {row.unit or ''} × {exact(row.price)} kr × 100",
            f"{exact(quantity * row.price * 100)} öre",
            source,
        )
    tiers = ", then ".join(
        f"{exact(tier.price)} kr up to {exact(tier.up_to)}" if tier.up_to is not None else f"{exact(tier.price)} kr"
        for tier in row.tiers
    )
    return Step(
        "tiers",
        f"{exact(quantity)} {row.unit or ''} on {days} days, filled in time order: {tiers}",
        exact(quantity),
        source,
    )
