"""Retention: holds, reviews and what prune forgot, as the store keeps them (backup.md B12, B13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["accept", "reject"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing of the backup is forgotten while it stands; `until` None: until it is removed."""

    id: str
    backup: str
    member: str
    reason: str
    who: str
    since: datetime
    until: datetime | None = None
    removed_at: datetime | None = None
    members: tuple[str, ...] = ()

    def stands(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.removed_at is None and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of an unregistered or suspect snapshot, at every site at once (by its origin)."""

    origin: str
    backup: str
    member: str
    verdict: Verdict
    reason: str
    who: str
    at: datetime
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One snapshot that prune meant to forget at a site; `forgotten_at` None until it was read back that it is gone."""

    site: str
    id: str
    backup: str
    origin: str
    run: str
    planned_at: datetime
    because: str
    forgotten_at: datetime | None = None
