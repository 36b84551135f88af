"""Held backups: those of which nothing is forgotten now: a hold, an open anomaly, something gone, or a refused prune (backup.md B13, B16)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.store import backup_signs, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store


def open_anomalies(store: Store, ids: Collection[str]) -> frozenset[str]:
    """The backups with a suspect snapshot that nobody has reviewed."""
    with store.read() as connection:
        suspect = backup_signs.signs(connection, viewer=OPERATIONS, backups=ids, suspect=True)
        reviewed = {one.origin for one in retention.reviews(connection, viewer=OPERATIONS, backups=ids)}
        runs = stored.snapshots_of(connection, [sign.run for sign in suspect], viewer=OPERATIONS)
    return frozenset(sign.backup for sign in suspect if runs.get(sign.run) not in reviewed)


def held_backups(store: Store, ids: Collection[str], at: datetime) -> frozenset[str]:
    """The backups of `ids` whose retention is held."""
    with store.read() as connection:
        holds = {one.backup for one in retention.holds(connection, viewer=OPERATIONS, backups=ids) if one.stands(at)}
        gone = {one.backup for one in retention.unexplained(connection, viewer=OPERATIONS, backups=ids)}
        pruned = stored.last_runs(connection, viewer=OPERATIONS, backups=ids, action="prune")
    refused = {run.backup for run in pruned if run.outcome is Outcome.FAILED}
    return frozenset(holds | gone | refused) | open_anomalies(store, ids)
