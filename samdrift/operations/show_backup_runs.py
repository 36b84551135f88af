"""Show backup runs: judged runs as the items that people and programs read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samdrift.backup.comparison import Comparison
from samdrift.backup.documents import Item, run_item
from samdrift.model.backup_run import BackupRun
from samdrift.model.snapshot import Snapshot
from samdrift.operations.restore_elsewhere import RestoreBack


def run_items(runs: Sequence[BackupRun]) -> list[Item]:
    """`samdrift/backup-run` items."""
    return [run_item(one) for one in runs]


def back_item(snapshot: Snapshot, back: RestoreBack, to: Path) -> Item:
    """One `samdrift/backup-restore` of a restore onto another host, with its databases."""
    databases = [
        {"name": one.name, "status": one.status, "loaded": one.loaded, "compared": one.compared, "mismatches": list(one.mismatches)} for one in back.databases
    ]  # fmt: skip
    return {**restore_item(snapshot, back.files, to), "status": back.status, "restored": back.restored, "databases": databases}


def restore_item(snapshot: Snapshot, result: Comparison | None, to: Path) -> Item:
    """One `samdrift/backup-restore`; without a manifest nothing was compared and the status is a warning."""
    status = "warning" if result is None else "ok" if result.passed else "failure"
    return {
        "backup": snapshot.backup,
        "site": snapshot.site,
        "snapshot": snapshot.id,
        "to": str(to),
        "status": status,
        "files": result.files if result else 0,
        "size_bytes": result.size_bytes if result else 0,
        "compared": result.compared if result else 0,
        "not_comparable": result.not_comparable if result else 0,
        "mismatches": list(result.mismatches) if result else [],
        "missing": list(result.missing) if result else [],
        "surplus": list(result.surplus) if result else [],
    }
