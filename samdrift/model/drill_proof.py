"""Drill proof: that a backup came back equal to its source, chained so that nobody rewrites it (backup.md B21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from samdrift.model.chain import GENESIS, canonical, digest
from samdrift.model.period import rfc3339

DATABASES, REHEARSAL = 4, 5
"""The levels that restore databases: alone, and with all files."""


@dataclass(frozen=True, slots=True)
class DrillProof:
    """One drill. `run` is its run, `of_run` the backup run drilled; `seconds` the restore and comparison together, `restore_seconds` the restore alone."""

    id: str
    backup: str
    site: str
    member: str
    members: tuple[str, ...]
    level: int
    passed: bool
    reasons: tuple[str, ...]
    snapshot: str
    of_run: str
    manifest_sha256: str
    files: int
    size_bytes: int
    compared: int
    not_comparable: int
    mismatches: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    queries_expected: Mapping[str, str]
    queries_found: Mapping[str, str]
    skipped: tuple[str, ...]
    seconds: int
    restore_seconds: int
    who: str
    started_at: datetime
    versions: Mapping[str, str]
    seed: int = 0
    previous: str = GENESIS

    def content(self) -> dict[str, Any]:
        """All fields as JSON values, without the digest."""
        found: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            found[item.name] = rfc3339(value) if isinstance(value, datetime) else _plain(value)
        return found

    def proves(self, level: int) -> bool:
        """Whether it holds for a drill of that level too: the whole for a sample of it, a rehearsal for its files, and for its databases if there were any.

        Level 1 asks both sites what they list, which no other level does.
        """
        if level == self.level:
            return True
        if self.level == REHEARSAL:
            return level in {2, 3} or (level == DATABASES and bool(self.queries_found))
        return (self.level, level) == (3, 2)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the canonical content, which holds the previous proof's digest."""
        return digest(canonical(self.content()))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
