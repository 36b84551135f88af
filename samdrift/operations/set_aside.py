"""Set aside: move what harms out of a repository into quarantine, audited, never deleted (backup.md B4)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samdrift.adapters import repository_files
from samdrift.adapters.clock import now
from samdrift.backup.repository import RepositoryPlace
from samdrift.store import audit
from samdrift.store.store import Store

QUARANTINE = ".quarantine"
"""Beside the owners' folders: no owner's login reaches it."""


def set_aside(store: Store, where: RepositoryPlace, root: Path, name: str, *, who: str, why: str, members: Sequence[str]) -> Path:
    """Move one object; gives where it lies now. The audit entry is written first, so that no move is unknown."""
    at = now()
    into = root.parent.parent / QUARANTINE / where.owner / where.name / f"{at:%Y%m%dT%H%M%SZ}"
    with store.write() as connection:
        after = {"site": where.target.site, "object": name, "to": str(into), "why": why}
        audit.append(connection, at=at, actor=who, verb="quarantine", object=f"repository:{where.path}", members=members, after=after)
    return repository_files.set_aside(root, name, into)
