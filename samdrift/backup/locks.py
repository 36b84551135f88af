"""Locks of repositories, judged by lease: restic renews its lock under a new id every 5 minutes (backup.md B17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from samdrift.backup.documents import Item
from samdrift.model.period import rfc3339

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock: when its id was first seen, when it was looked at, who holds it by its own word, and whether a run of ours is alive there."""

    repository: str
    site: str
    id: str
    first_seen_at: datetime
    at: datetime
    alive: bool
    holder: str = ""

    @property
    def age_seconds(self) -> int:
        return int((self.at - self.first_seen_at).total_seconds())

    @property
    def stale(self) -> bool:
        """The same id for more than the lease, and no registered run alive."""
        return bool(self.id) and not self.alive and self.at - self.first_seen_at > LEASE


def lock_item(lock: Lock, *, removed: bool = False, error: str = "") -> Item:
    """One `samdrift/backup-lock`; a repository that could not be looked at has `error` and no id."""
    status = "undetermined" if error else "ok" if removed or not lock.stale else "failure"
    return {
        "repository": lock.repository, "site": lock.site, "id": lock.id, "status": status, "holder": lock.holder, "first_seen_at": rfc3339(lock.first_seen_at),
        "age_seconds": lock.age_seconds, "run_alive": lock.alive, "stale": lock.stale, "removed": removed, "error": error or None,
    }  # fmt: skip
