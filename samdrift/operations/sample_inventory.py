"""The metrics of the inventory (inventory.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.inventory.metrics import METRICS, samples
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.store import Store

__all__ = ["METRICS", "sample"]


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """Of the inventory that is loaded; the store has no part in it."""
    del store, at  # every area is asked alike
    return samples(inventory)
