"""Look at one repository: with the key at its structure and a slice of its packs, without one at names and contents; what is found is named (backup.md B4, B14)."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters import repository_files, rest_repository, restic, restic_objects
from samdrift.adapters.clock import now
from samdrift.adapters.process import Ended
from samdrift.backup.damage import INDEX_LACKS, STRUCTURE, CheckWords, object_of, read_check
from samdrift.backup.refusals import fits_arrival
from samdrift.backup.repository import RepositoryPlace, member_label, members_of, place
from samdrift.backup.rotation import coverage_permille, next_slice, slices_of
from samdrift.backup.standing import FULL
from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.snapshot import StoredSnapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import Surroundings, objects, open_place
from samdrift.operations.backup_ledger import job_of, known_identity, ledger_run
from samdrift.operations.look_at_doors import look_at_doors
from samdrift.operations.match_snapshots import match_gone, match_strangers
from samdrift.operations.name_damage import Hit, hits, named
from samdrift.operations.name_damage import lacking as name_lacking
from samdrift.operations.note_look import Noted, note_look
from samdrift.operations.set_aside import set_aside
from samdrift.operations.storage_trust import inside, storage_folder
from samdrift.store import backups as stored
from samdrift.store import runs
from samdrift.store.store import Store

ACTION = "check-backups"
DAMAGE = frozenset({BackupReason.REPOSITORY_DAMAGED, BackupReason.UNCLASSIFIED})
"""What a check that did not end with 0 may say and still have looked."""
CHECK_S = 12 * 3600
SMALL = ("index", "snapshots")
Held = Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class Seen:
    """What a look gathers: damaged objects with whom they hit, what lies about, keys of nobody, and a sentence for each reason."""

    hits: dict[str, Hit] = field(default_factory=dict)
    leftover: list[str] = field(default_factory=list)
    keys_unknown: list[str] = field(default_factory=list)
    failed: dict[BackupReason, str] = field(default_factory=dict)
    partial: dict[BackupReason, str] = field(default_factory=dict)
    there: Sequence[StoredSnapshot] = ()
    matched: bool = False
    """Whether what lies there could be held against what the store knows."""


class Look:
    """One repository looked at: the run that tells of it, and what every backup in it now knows. `hosts` are the names of this machine."""

    def __init__(self, inventory: Inventory, store: Store, backup: Backup, where: RepositoryPlace, hosts: frozenset[str]) -> None:
        self.inventory, self.store, self.backup, self.where = inventory, store, backup, where
        self.around = Surroundings(store.state_dir, Path(inventory.root))
        self.inside = inside(inventory, where)
        folder = storage_folder(where.target, store.state_dir, hosts)
        self.root = None if folder is None else folder / where.owner / where.name
        self.seen = Seen()

    def run(self, *, full: bool, keyless: bool) -> BackupRun:
        """The judged run of this look, recorded."""
        members = members_of(self.inventory, self.backup)
        with ledger_run(self.store, ACTION, f"{self.where.path}@{self.where.target.id}", members) as opened:
            judged = replace(self.look(opened.id, full=full, keyless=keyless), ended_at=now(), engine=restic.version())
            with self.store.write() as connection:
                stored.add_run(connection, judged)
            opened.counts.update({"damaged": len(judged.damaged)})
            opened.end_as(judged.outcome, *map(str, judged.reasons))
        return judged

    def record(self, found: BackupRun) -> BackupRun:
        """A look that was made while others were held off, recorded as the check or scan that it was; the caller holds the check's lock."""
        subject = f"{self.where.path}@{self.where.target.id}"
        with self.store.write() as connection:
            opened = runs.start_run(connection, job=job_of(ACTION, subject), subject=subject, at=found.started_at, members=found.members)
            judged = replace(found, id=opened.id, ended_at=now(), engine=restic.version())
            stored.add_run(connection, judged)
            runs.end_run(connection, opened.id, at=judged.ended_at, outcome=judged.outcome, counts={"damaged": len(judged.damaged)}, reasons=[str(one) for one in judged.reasons])
        return judged

    def look(self, run: str, *, full: bool, keyless: bool) -> BackupRun:
        """What a look finds, not yet recorded."""
        started, members = now(), members_of(self.inventory, self.backup)
        blank = BackupRun(
            run, self.backup.id, "scan" if keyless else "check", self.where.target.site, member_label(self.inventory, self.backup), Outcome.OK, (), started, started, members
        )  # fmt: skip
        if full:
            blank = replace(blank, details={FULL: 1})
        try:
            return self._scan(blank) if keyless else self._check(blank, full)
        except restic.ResticFailed as failure:
            return self._not_looked(blank, failure.reason, failure.text)
        except WrongUse as error:
            return self._not_looked(blank, BackupReason.UNCLASSIFIED, error.message)

    # --- without a key
    def _scan(self, blank: BackupRun) -> BackupRun:
        assert self.root is not None, "a keyless scan is asked for on the storage host alone"
        held, access = repository_files.objects(self.root), restic.Access(str(self.root), "")
        doors = look_at_doors(access, held, known_identity(self.inventory, self.store, self.where), self._known_keys())
        if doors.refusal is not None or "config" not in held.get("", {}):
            return self._not_looked(blank, *(doors.refusal or (BackupReason.REPOSITORY_MISSING, "there is no repository")))
        seen, found = Seen(), repository_files.scan(self.root)
        seen.hits |= {door: Hit(frozenset(), ()) for door in doors.broken}
        before = self._left_before()
        for name in sorted({object_of(one) for one in (*found.mismatched, *found.unreadable)}):
            if self._junk(name, seen) or name.startswith("locks/"):
                continue
            if name in before:
                seen.leftover.append(name)
            else:
                seen.hits[name] = Hit(frozenset({name.partition("/")[2]} if name.startswith("snapshots/") else self._registered()), ())
        held = repository_files.objects(self.root)  # without what was set aside
        self._keys(held, seen)
        self._strange(seen)
        self._vanished(set(held.get("snapshots", {})), seen)
        self._note(Noted(True, None, stored_bytes=found.size_bytes, keyless=True))
        return self._judged(replace(blank, files=found.objects, size_bytes=found.size_bytes), seen, "content is not what the name says")

    def _left_before(self) -> set[str]:
        """What the last check with the key called a leftover: no index names it, so that its content harms nobody (F18)."""
        with self.store.read() as connection:
            checks = stored.runs(connection, viewer=OPERATIONS, backups=[one.id for one in self.inside], actions=("check",), limit=200)
        return set(next((one.leftover for one in checks if one.site == self.where.target.site), ()))

    def _strange(self, seen: Seen) -> None:
        """Files that no repository has, and repositories beside this one that no backup declares (B4)."""
        assert self.root is not None
        seen.leftover += repository_files.strange(self.root)
        declared = {place(self.inventory, one, self.where.target).path for one in self.inventory.backups.values()}
        beside = [f"{self.where.owner}/{path.name}/" for path in sorted(self.root.parent.iterdir()) if f"{self.where.owner}/{path.name}" not in declared]
        seen.leftover += beside
        if beside:
            seen.partial[BackupReason.UNREGISTERED] = f"{len(beside)} lie beside this repository and are no backup's: {beside[0]}"

    # --- with the key
    def _check(self, blank: BackupRun, full: bool) -> BackupRun:
        site, at, slices = self.where.target.site, now(), slices_of(self.where.target.check_period)
        with open_place(self.where, self.around, at=str(self.root) if self.root else None, read_only=True) as access:
            refusal = rest_repository.probe(access.location, access.ca)
            if refusal is not None:
                raise restic.ResticFailed(*refusal)
            identity = rest_repository.identity(access.location, access.ca)
            seen = self.seen = Seen()
            held: Held = objects(access)
            doors = look_at_doors(access, held, known_identity(self.inventory, self.store, self.where), self._known_keys())
            if doors.refusal is not None:
                return self._not_looked(blank, *doors.refusal)
            self._keys(held, seen)
            seen.hits |= {door: Hit(frozenset(), ()) for door in doors.broken}
            if "config" in doors.broken or (doors.broken and not self._opens(access)):
                self._note(Noted(True, BackupReason.REPOSITORY_DAMAGED))
                return self._judged(blank, seen, "it does not open the repository any more")
            held = self._without_junk(access, held, seen)
            with self.store.read() as connection:
                read = dict(stored.slices_read(connection, site, self.where.path, slices, viewer=OPERATIONS))
            number = next_slice(read, slices)
            ended = self._checked(access, f"{number}/{slices}", held, full=full)
            if ended.timed_out or (ended.code != 0 and restic.failed(ended).reason not in DAMAGE):
                raise self._keys_told_apart(restic.failed(ended), held)
            text = (ended.stdout + ended.stderr).decode("utf-8", "replace")
            broken = self._hashed(SMALL)
            well = {one for one in held.get("snapshots", {}) if f"snapshots/{one}" not in broken}
            seen.there = restic.snapshots(restic_objects.as_stored(access), only=well if broken else None)
            self._words(text, ended.code, held, seen, access, broken | (self._hashed(("data", "keys")) if full else set()))
        if ended.code == 0:
            read |= dict.fromkeys(range(1, slices + 1) if full else [number], at)
            with self.store.write() as connection:
                for one in range(1, slices + 1) if full else [number]:
                    stored.note_slice(connection, site, self.where.path, slices, one, at)
        size = sum(length for folder in held.values() for length in folder.values())
        coverage = coverage_permille(held.get("data", {}), read, at, slices=slices, period_s=self.where.target.check_period)
        self._note(Noted(True, None, identity=identity, stored_bytes=size, coverage=coverage, checked=ended.code == 0))
        with self.store.write() as connection:
            stored.put_locks(connection, site, self.where.path, held.get("locks", {}), at)
        self._vanished(set(held.get("snapshots", {})), seen)
        self._strangers(seen, at)
        return self._judged(replace(blank, size_bytes=size, files=sum(map(len, held.values()))), seen, "restic check finds it so")

    def _checked(self, access: restic.Access, subset: str, held: Held, *, full: bool) -> Ended:
        """The structure first, so that the slice waits until it is whole: restic reads what is cut or gone ten times over, a minute each.

        On the storage host that is not waited for: restic has compared all packs with the index before, small objects are hashed here, and a full check hashes the packs.
        """
        hopeless = restic.hopeless if self.root is not None else None
        structure = restic.check(access, subset=None, limit_seconds=CHECK_S, give_up=hopeless)
        words = self._said(structure, held)
        if self._index_junk(words):
            structure = restic.check(access, subset=None, limit_seconds=CHECK_S, give_up=hopeless)
            words = self._said(structure, held)
        if structure.timed_out or words.damaged or words.gone or (structure.code != 0 and not words.lacking):
            return structure
        read = restic.check(access, subset=subset, full=full, limit_seconds=CHECK_S)
        return replace(read, stdout=structure.stdout + read.stdout, stderr=structure.stderr + read.stderr)

    @staticmethod
    def _said(ended: Ended, held: Held) -> CheckWords:
        return read_check((ended.stdout + ended.stderr).decode("utf-8", "replace"), held)

    def _index_junk(self, words: CheckWords) -> bool:
        """Index files that are whole and do not open: not written by us, and they stop every later run (F19). True when one was set aside."""
        found = [self._junk(one, self.seen) for one in words.damaged if one.startswith("index/")]
        return any(found)

    def _hashed(self, folders: Sequence[str]) -> set[str]:
        """Objects in these folders that are not what their names say; none but on the storage host."""
        if self.root is None:
            return set()
        scanned = repository_files.scan(self.root, folders)
        return {object_of(one) for one in (*scanned.mismatched, *scanned.unreadable)}

    def _words(self, text: str, code: int, held: Held, seen: Seen, access: restic.Access, hashed: set[str]) -> None:
        """What the check's words and the hashes name, followed to snapshots and files."""
        words = read_check(text, held)
        bad = set(words.damaged) | set(words.gone) | hashed
        if code != 0 and not bad and not words.lacking:
            bad = self._hashed(("data",))  # restic tells of a folder that does not open, not of the pack that it lies in
        if any(one.startswith("index/") for one in bad):
            told, _ = restic_objects.packs(access, held.get("index", {}))
            bad |= {f"data/{pack}" for pack in told if pack not in held.get("data", {})}  # restic compares none with a broken index
        if words.lacking and words.leftover:
            lacking = INDEX_LACKS
        else:
            bad -= set(words.leftover)
            seen.leftover += words.leftover
            lacking = STRUCTURE if words.lacking or (code != 0 and not bad) else ""
        seen.hits |= hits(access, sorted(bad), held, seen.there)
        if lacking:
            seen.hits[lacking] = name_lacking(access, words.lacks, seen.there)

    def _opens(self, access: restic.Access) -> bool:
        try:
            restic.config(access)
        except restic.ResticFailed:
            return False
        return True

    def _keys_told_apart(self, failure: restic.ResticFailed, held: Held) -> restic.ResticFailed:
        if failure.reason is BackupReason.WRONG_KEY and not held.get("keys"):
            return restic.ResticFailed(BackupReason.KEYS_MISSING, "the repository holds no key at all")
        return failure

    def _without_junk(self, access: restic.Access, held: Held, seen: Seen) -> Held:
        """A snapshot of no run that does not open stops every later run (F19): set aside where we store it, named where we do not."""
        known = self._registered()
        for one in sorted(set(held.get("snapshots", {})) - known):
            with suppress(OSError):
                if self.root is not None:
                    repository_files.settle(self.root / "snapshots" / one)
        bad = [f"snapshots/{one}" for one in held.get("snapshots", {}) if one not in known and not restic_objects.opens(access, "snapshot", one)]
        for name in bad:
            if not self._junk(name, seen):
                seen.hits[name] = Hit(frozenset(), ())
        return held if not bad else {**held, "snapshots": {one: size for one, size in held["snapshots"].items() if f"snapshots/{one}" not in bad}}

    # --- both
    def _junk(self, name: str, seen: Seen) -> bool:
        """Set aside what a client put there and what is no snapshot or key at all; True when done (B4)."""
        folder, _, rest = name.partition("/")
        if self.root is None or folder not in {"snapshots", "keys", "index"} or not os.path.lexists(repository_files.place_of(self.root, name)):
            return False
        if folder == "index" and not self._whole(name):
            return False
        if (folder == "snapshots" and rest in self._registered()) or (folder == "keys" and (repository_files.is_key(self.root, rest) or rest in self._known_keys())):
            return False
        to = set_aside(self.store, self.where, self.root, name, who=getpass.getuser(), why="neither snapshot nor key of ours", members=members_of(self.inventory, self.backup))
        seen.leftover.append(name)
        seen.partial[BackupReason.UNREGISTERED] = f"{name} was none of ours, harms every later run, and lies in {to.parent} now"
        return True

    def _whole(self, name: str) -> bool:
        """Whether the bytes are those that the name says."""
        assert self.root is not None
        path = repository_files.place_of(self.root, name)
        return path.is_file() and not path.is_symlink() and repository_files.hash_of(path) == path.name

    def _registered(self) -> frozenset[str]:
        return frozenset(self._registry())

    def _registry(self) -> dict[str, str]:
        with self.store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[one.id for one in self.inside], site=self.where.target.site, parts=True)
        return {one.id: one.backup for one in known}

    def _known_keys(self) -> frozenset[str]:
        with self.store.read() as connection:
            return stored.known_keys(connection, self.where.target.site, self.where.path, viewer=OPERATIONS)

    def _keys(self, held: Held, seen: Seen) -> None:
        """Keys of nobody page; a key of ours that is gone is damage. Where none was ever noted, those that are there now are taken for ours (F20)."""
        there, known = set(held.get("keys", {})), self._known_keys()
        if self.root is not None:
            there -= {one for one in there if self._junk(f"keys/{one}", seen)}
        with self.store.write() as connection:
            stored.put_keys(connection, self.where.target.site, self.where.path, there, now(), known=not known)
        if known:
            seen.keys_unknown += sorted(there - known)
            for key in sorted(known - there) if there else ():
                seen.hits[f"keys/{key}"] = Hit(frozenset(), ())
            if not there:
                seen.failed[BackupReason.KEYS_MISSING] = "the repository holds no key at all"
        if seen.keys_unknown:
            seen.failed[BackupReason.KEY_UNKNOWN] = f"{len(seen.keys_unknown)} keys are none of ours: {seen.keys_unknown[0][:12]}"

    def _vanished(self, there: set[str], seen: Seen) -> None:
        seen.matched = True
        gone = match_gone(self.inventory, self.store, self.where, there, now())
        if gone:
            seen.failed[BackupReason.SNAPSHOT_VANISHED] = f"{len(gone)} snapshots are gone: {gone[0][:12]}"

    def _strangers(self, seen: Seen, at: datetime) -> None:
        found = match_strangers(self.inventory, self.store, self.where, self.backup, seen.there, at, self.root)
        if found:
            seen.partial[BackupReason.UNREGISTERED] = f"{len(found)} snapshots are of no known run: {next(iter(found)).id[:12]}"
        unfit = [one for one, arrived in found.items() if one.original is None and not fits_arrival(one.claimed_at, arrived)]
        if unfit:
            seen.partial[BackupReason.CLOCK] = f"{unfit[0].id[:12]} claims to be of {unfit[0].claimed_at:%Y-%m-%d}"

    def _judged(self, run: BackupRun, seen: Seen, text: str) -> BackupRun:
        damaged: tuple[Damage, ...] = named(self.inventory, self.inside, seen.hits, seen.there, self._registry())
        if damaged:
            seen.failed = {BackupReason.REPOSITORY_DAMAGED: f"{len(damaged)} damaged: {damaged[0].object}: {text}", **seen.failed}
        outcome = Outcome.FAILED if seen.failed else Outcome.PARTIAL if seen.partial else Outcome.OK
        found = {**seen.failed, **seen.partial}
        left = tuple(sorted(set(seen.leftover)))
        return replace(run, outcome=outcome, reasons=tuple(found), message="; ".join(found.values()), damaged=damaged, leftover=left, keys_unknown=tuple(seen.keys_unknown))

    def _not_looked(self, run: BackupRun, reason: BackupReason, text: str) -> BackupRun:
        self._note(Noted(False, reason))
        return replace(run, outcome=Outcome.FAILED, reasons=(reason,), message=text)

    def _note(self, noted: Noted) -> None:
        note_look(self.inventory, self.store, self.where, self.backup, noted)
