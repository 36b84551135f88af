"""Restore job: what one restore onto another host shall do, complete enough for a machine that has no inventory and no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from samdrift.model.backup_job import JobDump
from samdrift.model.database import DumpFacts


@dataclass(frozen=True, slots=True)
class JobLoad:
    """One PostgreSQL dump of the run, with what its compared tables held at the source, and the cluster that it goes into under its own name."""

    dump: DumpFacts
    cluster: JobDump


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """What came of it: `loaded` now, `there` already the same, and the compared tables as found; `failure` says why it is not in force."""

    name: str
    loaded: bool = False
    there: bool = False
    found: DumpFacts | None = None
    failure: str = ""

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> LoadFacts:
        """From its dict; KeyError, TypeError or ValueError when it is something else."""
        found = told.get("found")
        facts = DumpFacts.from_json(found) if isinstance(found, dict) else None
        return cls(str(told["name"]), told.get("loaded") is True, told.get("there") is True, facts, str(told.get("failure") or ""))


@dataclass(frozen=True, slots=True)
class RestoreJob:
    """`location` and `password` are secrets: a job goes over standard input and into memory. `snapshots` are the run's main one and its dumps', `roots` the paths in them, `size_bytes` what they need."""

    backup: str
    run: str
    snapshots: tuple[str, ...]
    to: str
    roots: tuple[str, ...]
    size_bytes: int
    location: str = field(repr=False)
    password: str = field(repr=False)
    ca: str | None = field(default=None, repr=False)
    state: str = "/var/lib/samdrift-backup"
    limit_seconds: int = 24 * 3600
    loads: tuple[JobLoad, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back; it holds the secrets."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> RestoreJob:
        """From `to_json`; KeyError, TypeError or ValueError when it is something else."""
        loads = tuple(JobLoad(DumpFacts.from_json(one["dump"]), JobDump(**one["cluster"])) for one in found.get("loads", ()))
        job = cls(**{**found, "snapshots": tuple(found["snapshots"]), "roots": tuple(found["roots"]), "loads": loads})
        if not job.to.startswith("/") or not job.snapshots or not job.roots:
            raise ValueError("it names no absolute folder, no snapshot or no path")
        return job
