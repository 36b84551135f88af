"""ObjectView: an object of the inventory as it is listed and shown, with whose it is and what it is tied to (inventory.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from samdrift.model.problem import Place


@dataclass(frozen=True, slots=True)
class Tie:
    """One reference between two objects: the other's noun and id, and the key that says so."""

    noun: str
    id: str
    by: str


@dataclass(frozen=True, slots=True)
class ObjectView:
    """One object. `members` maps those it belongs to to their share, None where an agreement's key decides; empty means everybody's."""

    noun: str
    id: str
    thing: Any
    members: Mapping[str, Fraction | None]
    place: Place
    groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    variables: Mapping[str, Any] | None = None
    addresses: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
