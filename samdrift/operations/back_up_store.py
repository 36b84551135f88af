"""Back up the store into one file, and fill an empty store from it (reliability.md S5)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from samdrift.model.errors import WrongUse
from samdrift.model.viewer import Viewer
from samdrift.store import Store, carry
from samdrift.store.backup_file import Head


def back_up_store(store: Store, path: Path, *, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """One item of samdrift/store-backup. The file holds everybody's rows and the chain's keys: operations alone may have it."""
    _operations_only(viewer)
    return _item(carry.back_up(store, path, at=at), "made")


def check_store_backup(path: Path) -> dict[str, Any]:
    """The same of a file that is there; WrongUse when a byte of it was changed."""
    return _item(carry.check(path), "whole")


def restore_store(path: Path, location: str | None, *, viewer: Viewer) -> dict[str, Any]:
    """Fill an empty store; Refused when it holds anything."""
    _operations_only(viewer)
    return _item(carry.restore(path, location), "restored")


def _operations_only(viewer: Viewer) -> None:
    if viewer.role != "operations":
        raise WrongUse(f"viewer {viewer.id!r} cannot have a copy of the joint store", help="leave out --as; a member's own part: samdrift audit export")


def _item(head: Head, state: str) -> dict[str, Any]:
    rows = [{"table": name, "rows": number} for name, number in sorted(head.rows.items())]
    return {"state": state, "schema_version": head.schema_version, "made_at": head.made_at, "rows": sum(head.rows.values()), "tables": rows}
