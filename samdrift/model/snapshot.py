"""Snapshot: one point in time of one backup at one site, and what a look at a repository found (backup.md B9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from samdrift.model.backup_run import BackupReason

SnapshotState = Literal["usable", "partial", "suspect", "unregistered", "unusable"]


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot as the repository itself lists it: full hex ids, its tags, and the time it claims (UTC)."""

    id: str
    original: str | None
    claimed_at: datetime
    tags: tuple[str, ...]
    paths: tuple[str, ...] = ()
    tree: str = ""
    """The id of its uppermost folder."""

    @property
    def origin(self) -> str:
        """The id it has at the source: what copies are matched by."""
        return self.original or self.id

    def tag(self, name: str) -> str | None:
        """The value of the tag `name=value`, or None."""
        values = [tag.partition("=")[2] for tag in self.tags if tag.startswith(f"{name}=")]
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot as the program knows it. `arrival_at` is when it was first seen at the site; it never changes.

    A run with dumps makes several: the main one (`part` empty), and one for each dump, whose path is its `part`. Only main ones move a recovery point.
    """

    id: str
    original: str | None
    backup: str
    site: str
    member: str
    state: SnapshotState
    claimed_at: datetime
    arrival_at: datetime
    recovery_point_at: datetime
    run: str | None = None
    files: int = 0
    size_bytes: int = 0
    members: tuple[str, ...] = ()
    part: str = ""

    @property
    def origin(self) -> str:
        return self.original or self.id


@dataclass(frozen=True, slots=True)
class SiteStock:
    """What lies at one site of a backup: how many snapshots, how many of the source's it lacks, and the usable one with the latest recovery point."""

    site: str
    snapshots: int
    missing: int
    newest: Snapshot | None


@dataclass(frozen=True, slots=True)
class RepositoryLook:
    """The last look at one backup's repository at one site; `up` False keeps all times as they were."""

    backup: str
    site: str
    member: str
    at: datetime
    up: bool
    reason: BackupReason | None = None
    repository_id: str = ""
    snapshots: int = 0
    missing: int = 0
    stored_bytes: int | None = None
    check_coverage_permille: int | None = None
    checked_at: datetime | None = None
    members: tuple[str, ...] = ()
