"""Volume: what was measured of a repository and of a target on one day (backup.md B19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RepositoryDay:
    """Bytes of every object of a repository at a site, leftovers too; `owner` is a member, `shared-<service>` or `unassigned`."""

    site: str
    repository: str
    day: date
    owner: str
    at: datetime
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class TargetDay:
    """Bytes in all files of a target, and what its file system has; None where only its own host could look."""

    target: str
    day: date
    site: str
    at: datetime
    stored_bytes: int
    free_bytes: int | None = None
    size_bytes: int | None = None
