"""Report backups: a member's section of the month, from the store alone (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from samdrift import __version__
from samdrift.adapters.files import make_folder, write_whole
from samdrift.backup.freshness import BackupRecord, BackupStatus
from samdrift.backup.objectives import Kept, rpo_kept, rto_kept
from samdrift.backup.report import ReportedBackup, member_section, to_do_section, within
from samdrift.backup.repository import owner_of
from samdrift.model.backup_run import BackupRun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.period import local_day, local_midnight
from samdrift.model.section import Report, Section
from samdrift.model.snapshot import Snapshot
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.operations.choose_backups import choose_backups, record_of
from samdrift.operations.show_backup_status import backup_states
from samdrift.reports.html import render_html
from samdrift.store import backup_volumes
from samdrift.store import backups as stored
from samdrift.store.store import Store

PAGE_DAYS = 31
"""How far back a member's page looks."""


def backup_section(inventory: Inventory, store: Store, member: str, *, start: datetime, end: datetime, text: Text) -> Section:
    """The member's backups in [start, end), judged as of the end."""
    return _section(inventory, store, member, _reported(inventory, store, member, start, end), start, end, text)


def backup_page(inventory: Inventory, store: Store, member: str, *, at: datetime, text: Text) -> bytes:
    """The member's backup page: one HTML file, how its backups stand and what to do on top, the last 31 days below."""
    start = local_midnight(local_day(at) - timedelta(days=PAGE_DAYS))
    reported = _reported(inventory, store, member, start, at)
    section, to_do = _section(inventory, store, member, reported, start, at, text), to_do_section(reported, text)
    name, host = inventory.members[member].name, inventory.members[inventory.settings.host_organisation]
    report = Report(
        id=f"backup-{member}", title=text("backup.page-title", member=name), language=text.language, says=(*section.sentences, *section.missing)[0],
        audience=text("backup.page-audience", member=name), period=text("backup.page-period", start=local_day(start), end=local_day(at)), data_until=_seen_until(reported),
        made_at=at, method=text("backup.page-method"), version=f"samdrift {__version__}", sections=(to_do, section) if to_do else (section,), contact=host.contacts[0].email,
    )  # fmt: skip
    return render_html(report)


def write_backup_page(content: bytes, member: str, folder: Path) -> Path:
    """Write a member's page, whole or not at all; gives its path."""
    path = make_folder(folder, mode=0o755) / f"{member}-backup.html"
    write_whole(path, content)
    return path


def _seen_until(reported: Sequence[ReportedBackup]) -> datetime | None:
    """When a repository of theirs was last looked at; None when none ever was."""
    return max((site.look.at for one in reported for site in one.state.sites if site.look is not None), default=None)


def _section(inventory: Inventory, store: Store, member: str, reported: Sequence[ReportedBackup], start: datetime, end: datetime, text: Text) -> Section:
    if not reported:
        return member_section((), text)
    since, shared = local_day(start), _shared_owners(inventory, reported)
    with store.read() as connection:
        own = backup_volumes.repository_days(connection, viewer=member_viewer(member), since=since)
        common = backup_volumes.repository_days(connection, viewer=OPERATIONS, since=since, owners=shared) if shared else ()
    days = sorted((one for one in (*own, *common) if one.at < end), key=lambda one: (one.day, one.site, one.repository))
    return member_section(reported, text, days=days, expected_days=max(0, (local_day(end) - local_day(start)).days))


def _shared_owners(inventory: Inventory, reported: Sequence[ReportedBackup]) -> frozenset[str]:
    """Owners of repositories that hold one joint service alone, which the member has a part in; another member's repository is never among them."""
    owners = (owner_of(inventory, inventory.services[one.backup.service]) for one in reported)
    return frozenset(owner for owner in owners if owner not in inventory.members)


def _reported(inventory: Inventory, store: Store, member: str, start: datetime, end: datetime) -> list[ReportedBackup]:
    """Each of the member's backups as of the end, with what happened from the start on."""
    viewer = member_viewer(member)
    chosen = choose_backups(inventory, (), viewer)
    records = record_of(inventory, store, chosen, viewer)
    states = backup_states(inventory, store, [one.id for one in chosen], viewer=viewer, at=end)
    with store.read() as connection:
        ever = stored.snapshots(connection, viewer=viewer, backups=[one.id for one in chosen], gone=True)
        pulls = stored.runs(connection, viewer=viewer, backups=[one.id for one in chosen], actions=("run", "copy"))
    return [
        ReportedBackup(
            one,
            states[one.id][1],
            tuple(run for run in records[one.id].runs if within(run.started_at, start, end)),
            tuple(proof for proof in records[one.id].proofs if within(proof.started_at, start, end)),
            _kept(one, states[one.id][1], ever, pulls, start, end),
            _rto_kept(one, states[one.id][1], records[one.id], ever, start, end),
        )
        for one in chosen
    ]


def _kept(backup: Backup, state: BackupStatus, ever: Sequence[Snapshot], runs: Sequence[BackupRun], start: datetime, end: datetime) -> Kept | None:
    """How the recovery point objective was kept, judged from all snapshots that ever were; None without one."""
    if state.rpo_seconds is None:
        return None
    own = [one for one in ever if one.backup == backup.id]
    return rpo_kept(own, [one.wanted.site for one in state.sites], state.rpo_seconds, start, end, runs=[run for run in runs if run.backup == backup.id])


def _rto_kept(backup: Backup, state: BackupStatus, record: BackupRecord, ever: Sequence[Snapshot], start: datetime, end: datetime) -> Kept | None:
    """How the recovery time objective was kept, judged from the drills held until then; None without one."""
    if state.rto_seconds is None:
        return None
    own, sites = [one for one in ever if one.backup == backup.id], [one.wanted.site for one in state.sites]
    return rto_kept(record.proofs, own, sites, state.rto_seconds, start, end, databases="4" in backup.drills)
