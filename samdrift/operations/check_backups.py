"""Check backups: structure and a slice of the packs with the key, or every name against its content without one (backup.md B14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from samdrift.adapters import repository_files, rest_repository, restic
from samdrift.adapters.clock import now
from samdrift.adapters.process import find_program
from samdrift.backup.repository import RepositoryPlace, member_label, members_of, place, targets_of
from samdrift.backup.rotation import SLICES, coverage_permille, next_slice
from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot, StoredSnapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, here, objects, open_place, target_folder
from samdrift.operations.backup_ledger import known_identity, ledger_run
from samdrift.operations.choose_backups import choose_seen
from samdrift.operations.run_backup import host_names
from samdrift.store import backups as stored
from samdrift.store import runs
from samdrift.store.store import Store

ACTION = "check-backups"
CLOCK = timedelta(minutes=10)
"""A claimed time further ahead than this is no clock's doing."""
DAMAGE = frozenset({BackupReason.REPOSITORY_DAMAGED, BackupReason.UNCLASSIFIED})
"""What a check that did not end with 0 may say and still have looked."""
CHECK_S = 12 * 3600
PACK = re.compile(r"\b([0-9a-f]{8,64})\b")


def check_backups(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, site: str | None = None, full: bool = False, keyless: bool = False, device: str | None = None
) -> tuple[BackupRun, ...]:  # fmt: skip
    """Check the repositories of the chosen backups at every site (or one), each repository once; one run for each."""
    if full and keyless:
        raise WrongUse("--full and --keyless exclude each other")
    find_program("restic")
    hosts = frozenset({device}) if device else host_names()
    seen: set[tuple[str, str]] = set()
    done = []
    for backup in choose_seen(inventory, store, ids, viewer):
        for target in targets_of(inventory, backup):
            where = place(inventory, backup, target)
            wanted = site in {None, target.site, target.id} and here(target, hosts) and not (keyless and target.kind == "rest")
            if wanted and (target.id, where.path) not in seen:
                seen.add((target.id, where.path))
                done.append(_Look(inventory, store, backup, where).run(full=full, keyless=keyless))
    return tuple(done)


class _Look:
    """One repository looked at: the run that tells of it, and what every backup in it now knows."""

    def __init__(self, inventory: Inventory, store: Store, backup: Backup, where: RepositoryPlace) -> None:
        self.inventory, self.store, self.backup, self.where = inventory, store, backup, where
        self.around = Surroundings(store.state_dir, Path(inventory.root))
        self.inside = tuple(one for one in inventory.backups.values() if where.target in targets_of(inventory, one) and place(inventory, one, where.target).path == where.path)

    def run(self, *, full: bool, keyless: bool) -> BackupRun:
        site, members = self.where.target.site, members_of(self.inventory, self.backup)
        with ledger_run(self.store, ACTION, f"{self.where.path}@{self.where.target.id}", members) as opened:
            started = now()
            blank = BackupRun(
                opened.id, self.backup.id, "scan" if keyless else "check", site, member_label(self.inventory, self.backup), Outcome.OK, (), started, started, members
            )  # fmt: skip
            try:
                judged = self._scan(blank) if keyless else self._check(blank, full)
            except restic.ResticFailed as failure:
                judged = self._not_looked(blank, failure.reason, failure.text)
            except WrongUse as error:
                judged = self._not_looked(blank, BackupReason.UNCLASSIFIED, error.message)
            judged = replace(judged, ended_at=now(), engine=restic.version())
            with self.store.write() as connection:
                stored.add_run(connection, judged)
            opened.counts.update({"damaged": len(judged.damaged)})
            opened.end_as(judged.outcome, *map(str, judged.reasons))
        return judged

    def _scan(self, blank: BackupRun) -> BackupRun:
        folder = target_folder(self.where.target, self.store.state_dir)
        assert folder is not None, "a keyless scan is asked for on the storage host alone"
        root = folder / self.where.owner / self.where.name
        if not (root / "config").exists():
            return self._not_looked(blank, BackupReason.REPOSITORY_MISSING, "there is no repository")
        found = repository_files.scan(root)
        damaged = self._damage(list(found.mismatched) + list(found.unreadable))
        self._note(True, None, stored_bytes=found.size_bytes)
        return self._judged(replace(blank, files=found.objects, size_bytes=found.size_bytes), damaged, "content is not what the name says")

    def _check(self, blank: BackupRun, full: bool) -> BackupRun:
        site, at = self.where.target.site, now()
        with open_place(self.where, self.around) as access:
            refusal = rest_repository.probe(access.location, access.ca)
            if refusal is not None:
                raise restic.ResticFailed(*refusal)
            identity = rest_repository.identity(access.location, access.ca)
            known = known_identity(self.inventory, self.store, self.where)
            if known and known != identity:
                return self._not_looked(blank, BackupReason.REPOSITORY_CHANGED, f"the repository is {identity[:12]} and was {known[:12]}")
            held = objects(access)
            with self.store.read() as connection:
                read = dict(stored.slices_read(connection, site, self.where.path, SLICES, viewer=OPERATIONS))
            number = next_slice(read)
            ended = restic.check(access, subset=f"{number}/{SLICES}", full=full, limit_seconds=CHECK_S)
            if ended.code != 0 and restic.failed(ended).reason is BackupReason.LOCKED and restic.unlock_stale(access):
                ended = restic.check(access, subset=f"{number}/{SLICES}", full=full, limit_seconds=CHECK_S)
            there = restic.snapshots(access)
        if ended.timed_out or (ended.code != 0 and restic.failed(ended).reason not in DAMAGE):
            raise restic.failed(ended)
        text = (ended.stdout + ended.stderr).decode("utf-8", "replace")
        if ended.code == 0:
            read |= dict.fromkeys(range(1, SLICES + 1) if full else [number], at)
            with self.store.write() as connection:
                for one in range(1, SLICES + 1) if full else [number]:
                    stored.note_slice(connection, site, self.where.path, SLICES, one, at)
        size = sum(length for folder in held.values() for length in folder.values())
        self._note(True, None, identity=identity, stored_bytes=size, coverage=coverage_permille(held.get("data", {}), read, at), checked=ended.code == 0)
        vanished = self._vanished({one.id for one in there})
        damaged = () if ended.code == 0 else self._damage(_named(text, held) or ["structure"])
        judged = self._judged(replace(blank, size_bytes=size, files=sum(map(len, held.values()))), damaged, _first_error(text))
        strangers = self._strangers(there)
        if strangers and not damaged:
            reasons = (BackupReason.UNREGISTERED, *([BackupReason.CLOCK] if any(one.claimed_at > at + CLOCK for one in strangers) else []))
            judged = replace(judged, outcome=Outcome.PARTIAL, reasons=reasons, message=f"{len(strangers)} snapshots are of no known run: {strangers[0].id[:12]}")
        if vanished:
            return replace(judged, outcome=Outcome.FAILED, reasons=(BackupReason.SNAPSHOT_VANISHED, *judged.reasons), message=f"{len(vanished)} snapshots are gone: {vanished[0][:12]}")
        return judged

    def _vanished(self, there: set[str]) -> list[str]:
        """Snapshots that the store knows at this site and the repository lacks, though nothing of ours removed them (F17)."""
        with self.store.write() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[one.id for one in self.inside], site=self.where.target.site, parts=True)
            gone = sorted(one.id for one in known if one.id not in there)
            if gone:
                stored.vanish(connection, self.where.target.site, gone, now())
        return gone

    def _strangers(self, there: Sequence[StoredSnapshot]) -> list[StoredSnapshot]:
        """Snapshots of no run that the store knows, once more each time: noted, never a recovery point (B9, F8, F23)."""
        site, at = self.where.target.site, now()
        found = []
        with self.store.write() as connection:
            known = {one.id for one in stored.snapshots(connection, viewer=OPERATIONS, site=site, parts=True) if one.state != "unregistered"}
            for one in there:
                run = runs.find_run(connection, one.tag("run") or "", viewer=OPERATIONS)
                if one.id in known or (run is not None and run.ended_at is None):
                    continue  # registered, or of a run that goes on
                found.append(one)
                backup = next((item for item in self.inside if item.id == one.tag("backup")), self.backup)
                label, members = member_label(self.inventory, backup), members_of(self.inventory, backup)
                point = min(one.claimed_at, at)
                stored.put_snapshot(connection, Snapshot(one.id, one.original, backup.id, site, label, "unregistered", one.claimed_at, at, point, members=members))
        return found

    def _judged(self, run: BackupRun, damaged: tuple[Damage, ...], text: str) -> BackupRun:
        if not damaged:
            return run
        message = f"{len(damaged)} damaged: {damaged[0].object}: {text}"
        return replace(run, outcome=Outcome.FAILED, reasons=(BackupReason.REPOSITORY_DAMAGED,), damaged=damaged, message=message)

    def _damage(self, named: Sequence[str]) -> tuple[Damage, ...]:
        backups = tuple(sorted(one.id for one in self.inside))
        members = tuple(sorted({member for one in self.inside for member in members_of(self.inventory, one)}))
        return tuple(Damage(one, (), backups, members) for one in named)

    def _not_looked(self, run: BackupRun, reason: BackupReason, text: str) -> BackupRun:
        self._note(False, reason)
        return replace(run, outcome=Outcome.FAILED, reasons=(reason,), message=text)

    def _note(
        self, up: bool, reason: BackupReason | None, *, identity: str = "", stored_bytes: int | None = None, coverage: int | None = None, checked: bool = False
    ) -> None:  # fmt: skip
        """The look is noted for every backup that lies in the repository and has been there before."""
        at, site = now(), self.where.target.site
        with self.store.write() as connection:
            before = {one.backup: one for one in stored.looks(connection, viewer=OPERATIONS) if one.site == site}
            for backup in self.inside:
                if backup.id not in before and backup.id != self.backup.id:
                    continue
                old = before.get(backup.id)
                look = RepositoryLook(
                    backup.id, site, member_label(self.inventory, backup), at, up, reason, identity, old.snapshots if old else 0, old.missing if old else 0,
                    stored_bytes, coverage, at if checked else None, members_of(self.inventory, backup),
                )  # fmt: skip
                stored.put_look(connection, look)


def _named(text: str, held: dict[str, dict[str, int]]) -> list[str]:
    """The packs, indexes and snapshots that restic's text names, by path below the repository."""
    found: set[str] = set()
    names = {name: folder for folder, inside in held.items() for name in inside}
    for word in set(PACK.findall(text)):
        found.update(f"{folder}/{name}" for name, folder in names.items() if name.startswith(word))
    return sorted(found)


def _first_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if re.search(r"error|Fatal|Pack ID|does not|contains", line)]
    return lines[0][:300] if lines else "restic check found errors"
