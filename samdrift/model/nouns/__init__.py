"""The inventory's nouns, one class a file; each file's NOUN is its registration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samdrift.model.fields import Noun


@dataclass(frozen=True, slots=True)
class NounSpec:
    """One noun of the inventory: its plural key (also its file's name), the word for one, and the class that validates it."""

    id: str
    one: str
    model: type[Noun]
    settings: bool = False
    """True for a single object instead of a list (samdrift.yml)."""


@cache
def nouns() -> Mapping[str, NounSpec]:
    """All nouns by their plural key, sorted."""
    import samdrift.model.nouns as package
    from samdrift.model.registry import scan

    return scan(package, "NOUN", NounSpec)
