"""The cross-rules, one file each; each file's RULE is its registration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from samdrift.inventory.rule import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """All cross-rules by id, sorted."""
    import samdrift.inventory.rules as package
    from samdrift.model.registry import scan

    return scan(package, "RULE", Rule)
