"""A service that promises an rpo has a backup, and more than one copy of it (backup.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """Warnings: `service-without-backup` at the promise, `backup-local-only` at the copies."""
    if "backups" in loaded.doubtful:
        return
    kept = {placed.thing.service for placed in loaded.all("backups")}
    for service in loaded.all("services"):
        if service.thing.rpo is not None and service.thing.state == "active" and service.id not in kept:
            yield service.problem(
                "service-without-backup", f"{service.id} promises an rpo and has no backup", "rpo", level="warning"
            )
    for placed in loaded.all("backups"):
        if placed.thing.copies == 1:
            yield placed.problem("backup-local-only", f"{placed.id} has one copy only", "copies", level="warning")


RULE = Rule("backup-cover", ("service-without-backup", "backup-local-only"), judge)
