"""Backup run: what was seen of one run, and what it was judged to be (backup.md B5, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from samdrift.model.anomaly import FileSample
from samdrift.model.database import DumpFacts
from samdrift.model.period import read_instant, rfc3339
from samdrift.model.run import Outcome

Action = Literal["run", "copy", "check", "scan", "prune", "drill", "heal"]
SourceKind = Literal["dir", "file", "symlink", "other", "missing"]


class BackupReason(StrEnum):
    """Why a run, copy, check or drill is not well; stable ids (backup.md 4)."""

    WRONG_KEY = "wrong-key"
    KEYS_MISSING = "keys-missing"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    UNREACHABLE = "unreachable"
    DEADLINE = "deadline"
    TARGET_FULL = "target-full"
    LOCKED = "locked"
    SOURCE_MISSING = "source-missing"
    SOURCE_EMPTY = "source-empty"
    SOURCE_SHRUNK = "source-shrunk"
    SOURCE_UNREADABLE = "source-unreadable"
    SOURCE_IS_LINK = "source-is-link"
    DUMP_FAILED = "dump-failed"
    HOOK_FAILED = "hook-failed"
    NOT_IN_REPOSITORY = "not-in-repository"
    REPOSITORY_MISSING = "repository-missing"
    REPOSITORY_DAMAGED = "repository-damaged"
    REPOSITORY_CHANGED = "repository-changed"
    SNAPSHOT_VANISHED = "snapshot-vanished"
    KEY_UNKNOWN = "key-unknown"
    CLOCK = "clock"
    ANOMALY = "anomaly"
    UNREGISTERED = "unregistered"
    COPY_MISSING = "copy-missing"
    DRILL_OVERDUE = "drill-overdue"
    UNCLASSIFIED = "unclassified"


NOT_REACHED = frozenset({BackupReason.UNREACHABLE, BackupReason.DEADLINE})
"""The reasons that say nothing of the data: exit 3, and the times stay as they were."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One declared path as it was before the run, and as the snapshot holds it. `sentinel_*` is None where none is declared."""

    path: str
    kind: SourceKind
    sentinel_before: bool | None = None
    sentinel_after: bool | None = None
    stored_kind: SourceKind = "missing"
    stored_files: int = 0
    stored_bytes: int = 0


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What was seen at the source and read back from the repository; nobody's judgement yet. Bytes are bytes, instants UTC."""

    backup: str
    run: str
    started_at: datetime
    ended_at: datetime
    engine: str
    sources: tuple[SourceFacts, ...]
    engine_code: int | None = None
    failure: BackupReason | None = None
    failure_text: str = ""
    snapshot: str | None = None
    claimed_at: datetime | None = None
    tagged: bool = False
    files_new: int = 0
    files_changed: int = 0
    added_bytes: int = 0
    unreadable: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    manifest_sha256: str = ""
    manifest_files: int = 0
    manifest_bytes: int = 0
    repository_id: str = ""
    dumps: tuple[DumpFacts, ...] = ()
    hooks_failed: tuple[str, ...] = ()
    samples: tuple[FileSample, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back to the same value."""
        found = asdict(self)
        for name in ("started_at", "ended_at", "claimed_at"):
            found[name] = rfc3339(found[name]) if found[name] else None
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> RunFacts:
        """From `to_json`; KeyError, TypeError or ValueError when it is something else."""
        values = dict(found)
        for name in ("started_at", "ended_at", "claimed_at"):
            values[name] = read_instant(values[name]) if values.get(name) else None
        values["sources"] = tuple(SourceFacts(**source) for source in values["sources"])
        values["failure"] = BackupReason(values["failure"]) if values.get("failure") else None
        values["dumps"] = tuple(DumpFacts.from_json(one) for one in values.get("dumps", ()))
        for name in ("unreadable", "not_comparable", "hooks_failed"):
            values[name] = tuple(values.get(name, ()))
        values["samples"] = tuple(FileSample(**sample) for sample in values.get("samples", ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged object and whom it hits, as far as known."""

    object: str
    files: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupRun:
    """One judged run of an action; `samdrift/backup-run`."""

    id: str
    backup: str
    action: Action
    site: str
    member: str
    outcome: Outcome
    reasons: tuple[BackupReason, ...]
    started_at: datetime
    ended_at: datetime
    members: tuple[str, ...] = ()
    snapshot: str | None = None
    files: int = 0
    files_new: int = 0
    files_changed: int = 0
    files_removed: int = 0
    size_bytes: int = 0
    added_bytes: int = 0
    unreadable: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    manifest_sha256: str = ""
    engine: str = ""
    damaged: tuple[Damage, ...] = ()
    leftover: tuple[str, ...] = ()
    keys_unknown: tuple[str, ...] = ()
    message: str = ""
    details: Mapping[str, int] = field(default_factory=dict)
    dumps: tuple[DumpFacts, ...] = ()
