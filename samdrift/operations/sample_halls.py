"""The metrics of the halls: the newest stored readings as they count now (halls.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.halls.metrics import METRICS, samples
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.show_hall_status import show_hall_status
from samdrift.store import Store

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """What is not good, or older than three polls, leaves no value."""
    return samples(show_hall_status(inventory, store, viewer=OPERATIONS, at=at))
