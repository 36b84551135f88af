"""Report backups: a member's section of the month, from the store alone (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.objectives import Kept, rpo_kept
from samdrift.backup.report import ReportedBackup, member_section, within
from samdrift.model.backup_run import BackupRun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.period import local_day
from samdrift.model.section import Section
from samdrift.model.snapshot import Snapshot
from samdrift.model.text import Text
from samdrift.model.viewer import member_viewer
from samdrift.operations.choose_backups import choose_backups, record_of
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import backup_volumes
from samdrift.store import backups as stored
from samdrift.store.store import Store


def backup_section(inventory: Inventory, store: Store, member: str, *, start: datetime, end: datetime, text: Text) -> Section:
    """The member's backups in [start, end), judged as of the end."""
    viewer = member_viewer(member)
    chosen = choose_backups(inventory, (), viewer)
    if not chosen:
        return member_section((), text)
    records = record_of(store, chosen, viewer)
    states = backup_states(inventory, store, [one.id for one in chosen], viewer=viewer, at=end)
    with store.read() as connection:
        ever = stored.snapshots(connection, viewer=viewer, backups=[one.id for one in chosen], gone=True)
        pulls = stored.runs(connection, viewer=viewer, backups=[one.id for one in chosen], actions=("run", "copy"))
        days = [one for one in backup_volumes.repository_days(connection, viewer=viewer, since=local_day(start)) if one.at < end]
    reported = [
        ReportedBackup(
            one,
            states[one.id][1],
            tuple(run for run in records[one.id].runs if within(run.started_at, start, end)),
            tuple(proof for proof in records[one.id].proofs if within(proof.started_at, start, end)),
            _kept(one, states[one.id][1], ever, pulls, start, end),
        )
        for one in chosen
    ]
    return member_section(reported, text, days=days, expected_days=max(0, (local_day(end) - local_day(start)).days))


def _kept(backup: Backup, state: BackupStatus, ever: Sequence[Snapshot], runs: Sequence[BackupRun], start: datetime, end: datetime) -> Kept | None:
    """How the recovery point objective was kept, judged from all snapshots that ever were; None without one."""
    if state.rpo_seconds is None:
        return None
    own = [one for one in ever if one.backup == backup.id]
    return rpo_kept(own, [one.wanted.site for one in state.sites], state.rpo_seconds, start, end, runs=[run for run in runs if run.backup == backup.id])
