"""Look back: what the last looks, checks, pulls, prunes and signs of each backup said, from the store alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from samdrift.backup.looked import Looked, SiteLook, anomaly_state
from samdrift.backup.repository import place, targets_of
from samdrift.model.anomaly import RunSigns
from samdrift.model.backup_run import BackupRun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.held_backups import held_backups
from samdrift.store import backup_signs, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store

ACTIONS = ("check", "scan", "copy", "prune")


def look_back(inventory: Inventory, store: Store, backups: Sequence[Backup], *, at: datetime) -> dict[str, Looked]:
    """By the backup's id. Checks and scans are of a repository: every backup in it knows of them, whichever they were asked for."""
    ids = [one.id for one in backups]
    with store.read() as connection:
        ran = {action: stored.last_runs(connection, viewer=OPERATIONS, backups=inventory.backups, action=action) for action in ACTIONS}
        looks = {(one.backup, one.site): one for one in stored.looks(connection, viewer=OPERATIONS, backups=ids)}
        signs = backup_signs.last_signs(connection, viewer=OPERATIONS, backups=ids)
        suspect = backup_signs.signs(connection, viewer=OPERATIONS, backups=ids, suspect=True)
        reviewed = {one.origin for one in retention.reviews(connection, viewer=OPERATIONS, backups=ids)}
        gone = retention.unexplained(connection, viewer=OPERATIONS, backups=ids)
        snapshot_of = stored.snapshots_of(connection, [one.run for one in suspect], viewer=OPERATIONS)
    open_runs = frozenset(one.run for one in suspect if snapshot_of.get(one.run) not in reviewed)
    of_repository = {action: _by_repository(inventory, ran[action]) for action in ("check", "scan")}
    of_backup = {action: {(run.backup, run.site): run for run in ran[action]} for action in ("copy", "prune")}
    held = held_backups(store, ids, at)
    found = {}
    for backup in backups:
        sites = []
        for target in targets_of(inventory, backup):
            where, key = (place(inventory, backup, target).path, target.site), (backup.id, target.site)
            look = looks.get(key)
            sites.append(
                SiteLook(
                    target.site, of_repository["check"].get(where), of_repository["scan"].get(where), of_backup["copy"].get(key), of_backup["prune"].get(key),
                    look.check_coverage_permille if look else None, look.reason if look else None, look is not None,
                )
            )  # fmt: skip
        state, signals = anomaly_state(_signs(backup, suspect, signs), open_runs)
        found[backup.id] = Looked(tuple(sites), state, signals, tuple(one.site for one in gone if one.backup == backup.id), backup.id in held)
    return found


def _signs(backup: Backup, suspect: Sequence[RunSigns], last: Sequence[RunSigns]) -> list[RunSigns]:
    own = {one.run: one for one in (*last, *suspect) if one.backup == backup.id}
    return sorted(own.values(), key=lambda one: (one.at, one.run), reverse=True)


def _by_repository(inventory: Inventory, ran: Sequence[BackupRun]) -> dict[tuple[str, str], BackupRun]:
    """(path, site) → the newest run that looked at that repository."""
    found: dict[tuple[str, str], list[BackupRun]] = defaultdict(list)
    for run in ran:
        backup = inventory.backups.get(run.backup)
        target = next((one for one in targets_of(inventory, backup) if one.site == run.site), None) if backup else None
        if backup is not None and target is not None:
            found[place(inventory, backup, target).path, run.site].append(run)
    return {where: max(runs, key=lambda run: run.started_at) for where, runs in found.items()}
