"""Ownership: whose something is, in exact shares (common.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from samdrift.model.reading import SHARED


@dataclass(frozen=True, slots=True)
class Ownership:
    """`members` sorted; `shares` sum to exactly 1, or are None when an agreement's key decides."""

    members: tuple[str, ...]
    shares: Mapping[str, Fraction] | None

    @classmethod
    def of(cls, owner: str | None, shared_by: Mapping[str, Fraction] | tuple[str, ...] | None) -> Ownership:
        """From the inventory's `owner` or `shared_by`; nobody when both are missing."""
        if owner is not None:
            return cls((owner,), {owner: Fraction(1)})
        if isinstance(shared_by, Mapping):
            return cls(tuple(sorted(shared_by)), dict(shared_by))
        return cls(tuple(sorted(shared_by or ())), None)

    @property
    def sole(self) -> str | None:
        """The one owner, if there is one."""
        return self.members[0] if len(self.members) == 1 else None

    @property
    def label(self) -> str:
        """What a metric's or reading's `member` label says: the member's id, or `shared`."""
        return self.sole or SHARED
