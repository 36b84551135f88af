"""Backup job: what one run shall do, complete enough to be carried out on a machine that has no inventory and no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from samdrift.model.database import DumpKind, dump_path


@dataclass(frozen=True, slots=True)
class JobSource:
    """One declared path, its sentinel (relative to it) and restic's exclude patterns."""

    path: str
    sentinel: str | None = None
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobDump:
    """A database, or what a command writes, that goes through a pipe: `compare` are tables, `command` and `parser` argument lists, `host` a name or a socket's folder."""

    name: str
    kind: DumpKind
    compare: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    parser: tuple[str, ...] = ()
    host: str = "/var/run/postgresql"
    port: int = 5432
    user: str = "postgres"

    @property
    def path(self) -> str:
        return dump_path(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class JobHooks:
    """Argument lists run before the sources are read, after the run, and when it was not well; `limit_seconds` for each."""

    before: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[str, ...], ...] = ()
    on_error: tuple[tuple[str, ...], ...] = ()
    limit_seconds: int = 600


@dataclass(frozen=True, slots=True)
class BackupJob:
    """`location` and `password` are secrets: a job goes over standard input and into memory, never to disk. `ca` is the certificate's PEM text, `identity` what the repository was last known by, `rehash_seconds` within what time each file is hashed anew (B6)."""

    backup: str
    run: str
    host: str
    sources: tuple[JobSource, ...]
    limit_seconds: int
    location: str = field(repr=False)
    password: str = field(repr=False)
    ca: str | None = field(default=None, repr=False)
    state: str = "/var/lib/samdrift-backup"
    dumps: tuple[JobDump, ...] = ()
    hooks: JobHooks = JobHooks()
    identity: str = ""
    limit_upload_kib: int | None = None
    rehash_seconds: int = 28 * 86_400

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back; it holds the secrets."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> BackupJob:
        """From `to_json`; KeyError, TypeError or ValueError when it is something else."""
        values = dict(found)
        values["sources"] = tuple(JobSource(one["path"], one.get("sentinel"), tuple(one.get("exclude", ()))) for one in values["sources"])
        values["dumps"] = tuple(_dump(one) for one in values.get("dumps", ()))
        values["hooks"] = _hooks(values.get("hooks") or {})
        return cls(**values)


def _dump(found: Mapping[str, Any]) -> JobDump:
    return JobDump(**{**found, **{name: tuple(found.get(name, ())) for name in ("compare", "command", "parser")}})


def _hooks(found: Mapping[str, Any]) -> JobHooks:
    lists = {name: tuple(tuple(one) for one in found.get(name, ())) for name in ("before", "after", "on_error")}
    return JobHooks(**lists, limit_seconds=found.get("limit_seconds", JobHooks().limit_seconds))
