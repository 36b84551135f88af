"""What the daily watch over costs last found: one value a metric and label, replaced as a whole (costs.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection, delete, insert, select

from samdrift.model.viewer import Viewer
from samdrift.store.tables.cost import cost_watch


@dataclass(frozen=True, slots=True)
class Watched:
    """`label` is `pool/member`, a pool, a member or empty, as the metric has it."""

    metric: str
    label: str
    value: Fraction


def replace_watched(connection: Connection, agreement: str, watched: Iterable[Watched], *, at: datetime) -> None:
    """Put what was found now in the place of what was found before."""
    connection.execute(delete(cost_watch).where(cost_watch.c.agreement == agreement))
    rows = [{"agreement": agreement, "metric": each.metric, "label": each.label, "value": each.value, "observed_at": at} for each in watched]
    if rows:
        connection.execute(insert(cost_watch), rows)


def watched(connection: Connection, *, viewer: Viewer) -> tuple[tuple[str, Watched], ...]:
    """(agreement, value) of all that was last found, in order; operations and the scraper alone."""
    if viewer.role == "member":
        return ()
    rows = connection.execute(select(cost_watch))
    return tuple(sorted(((row.agreement, Watched(row.metric, row.label, row.value)) for row in rows), key=lambda pair: (pair[0], pair[1].metric, pair[1].label)))
