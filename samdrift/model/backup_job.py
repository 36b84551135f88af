"""Backup job: what one run shall do, complete enough to be carried out on a machine that has no inventory and no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class JobSource:
    """One declared path, its sentinel (relative to it) and restic's exclude patterns."""

    path: str
    sentinel: str | None = None
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupJob:
    """`location` and `password` are secrets: a job goes over standard input and into memory, never to disk. `ca` is the certificate's PEM text."""

    backup: str
    run: str
    host: str
    sources: tuple[JobSource, ...]
    limit_seconds: int
    location: str = field(repr=False)
    password: str = field(repr=False)
    ca: str | None = field(default=None, repr=False)
    state: str = "/var/lib/samdrift-backup"

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back; it holds the secrets."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> BackupJob:
        """From `to_json`; KeyError, TypeError or ValueError when it is something else."""
        values = dict(found)
        values["sources"] = tuple(JobSource(one["path"], one.get("sentinel"), tuple(one.get("exclude", ()))) for one in values["sources"])
        return cls(**values)
