"""Report backups: a member's section of the month, from the store alone (backup.md B20)."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.report import ReportedBackup, member_section, within
from samdrift.model.inventory import Inventory
from samdrift.model.section import Section
from samdrift.model.text import Text
from samdrift.model.viewer import member_viewer
from samdrift.operations.choose_backups import choose_backups, record_of
from samdrift.operations.show_backup_status import backup_states
from samdrift.store.store import Store


def backup_section(inventory: Inventory, store: Store, member: str, *, start: datetime, end: datetime, text: Text) -> Section:
    """The member's backups in [start, end), judged as of the end."""
    viewer = member_viewer(member)
    chosen = choose_backups(inventory, (), viewer)
    if not chosen:
        return member_section((), text)
    records = record_of(store, chosen, viewer)
    states = backup_states(inventory, store, [one.id for one in chosen], viewer=viewer, at=end)
    reported = [
        ReportedBackup(
            one,
            states[one.id][1],
            tuple(run for run in records[one.id].runs if within(run.started_at, start, end)),
            tuple(proof for proof in records[one.id].proofs if within(proof.started_at, start, end)),
        )
        for one in chosen
    ]
    return member_section(reported, text)
