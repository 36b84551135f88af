"""The metrics of usage, from what the last collection rolled up (costs.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from samdrift.metering.metrics import ESTIMATED, LAST, MAX_GAP, METRICS, SAMPLES, UNMEASURED, UNTIL
from samdrift.metering.registry import meters
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.period import Month, microseconds
from samdrift.model.reading import SHARED
from samdrift.model.viewer import OPERATIONS
from samdrift.store import Store, collections, usage_quality

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """One series a meter and member that has readings this month."""
    known = meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))
    with store.read() as connection:
        rows = usage_quality.of_month(connection, Month.of(at), viewer=OPERATIONS)
        marks = collections.all_marks(connection)
    for source, until in sorted(marks.items()):
        yield Sample(UNTIL.name, {"member": SHARED, "source": source}, microseconds(until) // 1_000_000)
    for row in rows:
        labels = {"meter": row.meter, "member": row.member}
        gap = known[row.meter].max_gap_seconds if row.meter in known else None
        if row.last_reading_at is not None:
            yield Sample(LAST.name, labels, microseconds(row.last_reading_at) // 1_000_000)
        if gap is not None:
            yield Sample(MAX_GAP.name, labels, gap)
        if row.quantity_base:
            yield Sample(ESTIMATED.name, labels, row.estimated_base / row.quantity_base)
        yield Sample(UNMEASURED.name, labels, row.unmeasured_seconds)
        for outcome, count in (("counted", row.samples), ("duplicate", row.duplicates), ("conflict", row.conflicts)):
            yield Sample(SAMPLES.name, {**labels, "outcome": outcome}, count)
