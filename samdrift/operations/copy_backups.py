"""Copy backups: the disaster site pulls what it lacks, newest first, one snapshot a call, and reads back what came (backup.md B11)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters import repository_files, rest_repository, restic
from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder
from samdrift.adapters.process import find_program
from samdrift.backup.copies import missing_in
from samdrift.backup.repository import RepositoryPlace, copies, member_label, members_of, place, primary, targets_of
from samdrift.model.backup_run import NOT_REACHED, BackupReason, BackupRun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot, StoredSnapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, here, objects, open_place, pull_location, target_folder
from samdrift.operations.backup_ledger import known_identity, ledger_run, note_own_keys
from samdrift.operations.choose_backups import choose_seen
from samdrift.operations.look_at_doors import look_at_doors
from samdrift.operations.run_backup import host_names, kib_a_second
from samdrift.operations.sealed_copies import beside_store, keep_sealed
from samdrift.store import backups as stored
from samdrift.store import retention
from samdrift.store.store import Store

ACTION = "copy-backups"
COPY_S = 6 * 3600
"""Limit of copying one snapshot."""


def copy_backups(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, device: str | None = None
) -> tuple[BackupRun, ...]:
    """Pull the snapshots of the chosen backups to every disaster site on this machine; one run for each backup and site."""
    find_program("restic")
    hosts = frozenset({device}) if device else host_names()
    chosen = choose_seen(inventory, store, ids, viewer)
    wanted = [(backup, target) for backup in chosen for target in copies(inventory) if target in targets_of(inventory, backup) and here(target, hosts)]
    return tuple(_copy(inventory, store, backup, target) for backup, target in wanted)


def _copy(inventory: Inventory, store: Store, backup: Backup, target: BackupTarget) -> BackupRun:
    members = members_of(inventory, backup)
    with ledger_run(store, ACTION, f"{backup.id}@{target.id}", members) as opened:
        started = now()
        blank = BackupRun(
            opened.id, backup.id, "copy", target.site, member_label(inventory, backup), Outcome.FAILED, (), started, started, members, engine=restic.version()
        )  # fmt: skip
        try:
            judged = _Pull(inventory, store, backup, target).carry_out(blank)
        except restic.ResticFailed as failure:
            judged = replace(blank, reasons=(failure.reason,), message=failure.text)
        judged = replace(judged, ended_at=now())
        with store.write() as connection:
            stored.add_run(connection, judged)
        opened.counts.update(judged.details)
        opened.end_as(judged.outcome, *map(str, judged.reasons))
    return judged


class _Pull:
    """One backup's pull to one site: source and destination, what is missing, and the account of it."""

    def __init__(self, inventory: Inventory, store: Store, backup: Backup, target: BackupTarget) -> None:
        self.inventory, self.store, self.backup, self.target = inventory, store, backup, target
        self.around = Surroundings(store.state_dir, Path(inventory.root))
        self.source = place(inventory, backup, primary(inventory))
        self.into = place(inventory, backup, target)

    def carry_out(self, blank: BackupRun) -> BackupRun:
        at = pull_location(self.source, self.target, self.around)
        with open_place(self.source, self.around, at=at, read_only=True) as source, open_place(self.into, self.around) as into:
            refusal = rest_repository.probe(source.location, source.ca)
            if refusal is not None:
                raise restic.ResticFailed(*refusal)
            self._same(source, self.source)
            self._same(into, self.into)
            listed = restic.snapshots(source)
            self._whole({one.id for one in listed})
            there = self._ours(listed)
            self._make(into, source)
            failed, copied = self._pull(into, source, missing_in(there, self._snapshots(into)))
            found = self._snapshots(into)
            identity = rest_repository.identity(into.location, into.ca)
            folder = target_folder(self.target, self.around.state)
            if folder is not None:
                keep_sealed(source, self.source, folder)
                keep_sealed(into, self.into, beside_store(self.store))
        left = missing_in(there, found)
        self._record(found, identity, len(left))
        reasons = tuple(dict.fromkeys([*(one.reason for one in failed), *([BackupReason.COPY_MISSING] if left else [])]))
        outcome = Outcome.OK if not left else Outcome.PARTIAL if copied else Outcome.FAILED
        text = "; ".join(f"{one.text}" for one in failed)
        return replace(blank, outcome=outcome, reasons=reasons, message=text, snapshot=found[-1].id if found else None, details={"copied": copied, "missing": len(left)})

    def _snapshots(self, access: restic.Access) -> tuple[StoredSnapshot, ...]:
        return self._ours(restic.snapshots(access))

    def _ours(self, listed: Sequence[StoredSnapshot]) -> tuple[StoredSnapshot, ...]:
        return tuple(one for one in listed if one.tag("backup") == self.backup.id)

    def _same(self, access: restic.Access, where: RepositoryPlace) -> None:
        """Nothing is pulled from, or into, a repository that is not the one that stood there, or does not open (F6, F17)."""
        with self.store.read() as connection:
            ours = stored.known_keys(connection, where.target.site, where.path, viewer=OPERATIONS)
        known = known_identity(self.inventory, self.store, where)
        doors = look_at_doors(access, objects(access), known, ours)
        if known and doors.refusal is not None:
            reason, text = doors.refusal
            raise restic.ResticFailed(reason, f"at {where.target.site}: {text}")
        if doors.broken:
            raise restic.ResticFailed(BackupReason.REPOSITORY_DAMAGED, f"{doors.broken[0]} at {where.target.site} is damaged")

    def _whole(self, there: set[str]) -> None:
        """Nothing is pulled while snapshots are gone from the source that no forget of ours and no person explains (F17)."""
        site = self.source.target.site
        with self.store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[self.backup.id], site=site, parts=True)
            explained = {one.id for one in retention.forgotten(connection, viewer=OPERATIONS, backups=[self.backup.id], site=site)}
            told = [one.id for one in retention.unexplained(connection, viewer=OPERATIONS, backups=[self.backup.id]) if one.site == site]
        gone = sorted({*(one.id for one in known if one.id not in explained), *told} - there)
        if gone:
            raise restic.ResticFailed(BackupReason.SNAPSHOT_VANISHED, f"{len(gone)} snapshots are gone from {site}, one is {gone[0][:12]}: nothing is pulled until that is explained or healed")

    def _make(self, into: restic.Access, source: restic.Access) -> None:
        if os.path.lexists(Path(into.location, "config")) or known_identity(self.inventory, self.store, self.into):
            return
        folder = target_folder(self.target, self.around.state)
        assert folder is not None
        make_folder(Path(into.location).parent)
        restic.init(into, like=source)
        note_own_keys(self.store, self.into, into)

    def _pull(self, into: restic.Access, source: restic.Access, missing: Sequence[StoredSnapshot]) -> tuple[list[restic.ResticFailed], int]:
        """What failed, and how many came; a target that is not reached ends the rest."""
        failed, copied = [], 0
        for one in missing:
            ended = restic.copy(into, source, one.id, limit_seconds=COPY_S, limit_download_kib=kib_a_second(self.target.limit_download))
            if ended.code == 0 and not ended.timed_out:
                copied += 1
                continue
            failed.append(restic.failed(ended))
            if failed[-1].reason in NOT_REACHED:
                break
        return failed, copied

    def _record(self, found: Sequence[StoredSnapshot], identity: str, missing: int) -> None:
        at = now()
        label, members = member_label(self.inventory, self.backup), members_of(self.inventory, self.backup)
        with self.store.write() as connection:
            known = {one.origin: one for one in stored.snapshots(connection, viewer=OPERATIONS, backups=[self.backup.id], site=self.source.target.site, parts=True)}
            halves = _half_copied(known.values(), {one.origin for one in found})
            here = {one.id for one in stored.snapshots(connection, viewer=OPERATIONS, backups=[self.backup.id], site=self.target.site, parts=True)}
            for one in found:
                if one.id in here and one.origin not in known:
                    continue  # the source has forgotten it since: what it counts as here stays
                copied = self._copied(one, known.get(one.origin), self._came(one, at))
                stored.put_snapshot(connection, replace(copied, state="partial") if copied.run in halves and copied.state == "usable" else copied)
            count = sum(1 for one in found if not one.tag("part"))
            look = RepositoryLook(self.backup.id, self.target.site, label, at, True, None, identity, count, missing, members=members)
            stored.put_look(connection, look)

    def _came(self, one: StoredSnapshot, at: datetime) -> datetime:
        """When its file came to this storage; a clock that is ahead dates nothing later than now."""
        folder = target_folder(self.target, self.around.state)
        return min((repository_files.arrival(folder / self.into.path, one.id) if folder else None) or at, at)

    def _copied(self, one: StoredSnapshot, original: Snapshot | None, at: datetime) -> Snapshot:
        """A copy counts as what its original counts as; of an original that the store does not know it is unregistered."""
        label, members = member_label(self.inventory, self.backup), members_of(self.inventory, self.backup)
        if original is None:
            point = min(one.claimed_at, at)
            return Snapshot(
                one.id, one.original, self.backup.id, self.target.site, label, "unregistered", one.claimed_at, at, point, members=members, part=one.tag("part") or ""
            )  # fmt: skip
        return Snapshot(
            one.id, one.original, self.backup.id, self.target.site, label, original.state, one.claimed_at, at, original.recovery_point_at,
            original.run, original.files, original.size_bytes, members, original.part,
        )  # fmt: skip


def _half_copied(source: Iterable[Snapshot], there: set[str]) -> set[str | None]:
    """The runs of which the site has only some of the snapshots yet: a database without its files, or the files without it, is no recovery point."""
    return {one.run for one in source if one.run is not None and one.origin not in there}
