"""InventoryChange: one difference in meaning between two inventories, and what refuses it (I18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class InventoryChange:
    """`member` is whose the object is, or was; `field`, `old` and `new` are empty for what was added or removed whole.

    `refused_by` is `code:subject`, which `--accept` takes as it is written.
    """

    noun: str
    id: str
    member: str | None
    change: Kind
    field: str | None = None
    old: str | None = None
    new: str | None = None
    refused_by: str | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        return (self.noun, self.id, self.change, self.field or "")
