"""Copies: what a site lacks of another's snapshots (backup.md B11)."""

from __future__ import annotations

from collections.abc import Iterable

from samdrift.model.snapshot import StoredSnapshot


def missing_in(source: Iterable[StoredSnapshot], there: Iterable[StoredSnapshot]) -> tuple[StoredSnapshot, ...]:
    """The source's snapshots whose `original`, else id, is that of none there; newest first."""
    known = {one.origin for one in there}
    lacking = [one for one in source if one.origin not in known]
    return tuple(sorted(lacking, key=lambda one: (one.claimed_at, one.id), reverse=True))
