"""The metrics of costs: what closes and agreements say now, and what the daily watch last found (costs.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from samdrift.costs.metrics import BY_NAME, ENDS, ESTIMATE, LAST_CLOSED, METRICS, VERIFIED
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.period import local_midnight, microseconds
from samdrift.model.viewer import OPERATIONS
from samdrift.store import Store
from samdrift.store.closes import last_close
from samdrift.store.cost_watch import Watched, watched

__all__ = ["METRICS", "sample"]
MILLION = 1_000_000


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """Of the inventory's agreements, pools and members alone; before the first close and watch there are no series."""
    del at  # every area is asked alike
    agreements = sorted({each.id for each in inventory.agreements})
    pools = {pool for each in inventory.agreements for pool in each.pools}
    with store.read() as connection:
        closed = {name: last_close(connection, name) for name in agreements}
        found = watched(connection, viewer=OPERATIONS)
    for name in agreements:
        close = closed[name]
        if close is not None:
            yield Sample(LAST_CLOSED.name, {"agreement": name}, microseconds(close.month.end) // MILLION)
        last = max((each.agreement for each in inventory.agreements if each.id == name), key=lambda head: head.from_)
        if last.to is not None:
            yield Sample(ENDS.name, {"agreement": name}, microseconds(local_midnight(last.to)) // MILLION)
    yield from _watched(found, set(agreements), pools, set(inventory.members))


def _watched(found: Iterable[tuple[str, Watched]], agreements: set[str], pools: set[str], members: set[str]) -> Iterator[Sample]:
    """Only what the inventory still has: a label's value never comes from elsewhere."""
    for agreement, each in found:
        spec = BY_NAME.get(each.metric)
        if spec is None or agreement not in agreements:
            continue
        if spec is VERIFIED:
            yield Sample(spec.name, {"agreement": agreement}, each.value)
        elif spec is ESTIMATE:
            pool, member = each.label.split("/", 1)
            if pool in pools and member in members:
                yield Sample(spec.name, {"pool": pool, "member": member}, each.value)
        elif each.label in (members if "member" in spec.labels else pools):
            yield Sample(spec.name, {spec.labels[0]: each.label}, each.value)
