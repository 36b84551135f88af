"""Text to model: the inventory's YAML with places and limits, its schema, cross-rules, groups and difference."""

from __future__ import annotations

from samdrift.inventory.loading import inventory_of, judge, load
from samdrift.inventory.placed import Known

__all__ = ["Known", "inventory_of", "judge", "load"]
