"""Show backup runs: judged runs as the items that people and programs read."""

from __future__ import annotations

from collections.abc import Sequence

from samdrift.backup.documents import Item, run_item
from samdrift.model.backup_run import BackupRun


def run_items(runs: Sequence[BackupRun]) -> list[Item]:
    """`samdrift/backup-run` items."""
    return [run_item(one) for one in runs]
