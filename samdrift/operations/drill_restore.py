"""Drill a restore: into scratch, from the disaster copy, compared with the source's manifest, proven (backup.md B21)."""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from pathlib import Path
from tempfile import mkdtemp

from samdrift import __version__
from samdrift.adapters import restic, source_tree
from samdrift.adapters.clock import elapsed_s, now
from samdrift.adapters.files import make_folder
from samdrift.adapters.process import find_program
from samdrift.backup.comparison import CONTENT, Comparison, compare, sample
from samdrift.backup.freshness import newest_usable
from samdrift.backup.listed import judge_listed
from samdrift.backup.repository import RepositoryPlace, member_label, members_of, objectives
from samdrift.model.backup_run import BackupRun
from samdrift.model.drill_proof import DrillProof
from samdrift.model.errors import CouldNotObserve, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.manifest import Entry
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, free_bytes, open_place, require_reached
from samdrift.operations.backup_ledger import ledger_run
from samdrift.operations.choose_backups import choose_backups, chosen_site
from samdrift.operations.drill_database import Databases, drill_databases
from samdrift.operations.record_backup_run import manifest_roots, read_manifest
from samdrift.operations.restore_snapshots import parts_of, restore_snapshots
from samdrift.store import audit, proofs
from samdrift.store import backups as stored
from samdrift.store.store import Store

ACTION = "drill-backups"
SAMPLE = 200
LEVELS = (1, 2, 3, 4)
"""Those of one backup by itself."""
RESTORE_S = 12 * 3600
MARGIN = 64 * 2**20
"""Bytes that must stay free beside what is restored."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a drill saw: comparison (None at level 1), reasons why it did not pass, seconds of restore and comparison, and of the restore alone."""

    comparison: Comparison | None
    reasons: tuple[str, ...]
    seconds: int
    restore_seconds: int
    skipped: tuple[str, ...] = ()
    databases: Databases | None = None


def drill_restore(
    inventory: Inventory, store: Store, backup_id: str, *, level: int, viewer: Viewer, site: str | None = None, seed: int = 1, who: str | None = None
) -> DrillProof:
    """Hold a drill of level 1-4 and give its proof, chained and audited. CouldNotObserve (3) when it could not be held: no snapshot, no room, no answer."""
    (backup,) = choose_backups(inventory, [backup_id], viewer)
    if level not in LEVELS:
        raise WrongUse(f"level {level} is a rehearsal of several services", help="levels 1 to 4 are of one backup")
    find_program("restic")
    where = chosen_site(inventory, backup, site, role="disaster" if backup.copies > 1 else "primary")
    return drill_one(inventory, store, backup, where, level=level, seed=seed, who=who)


def drill_one(
    inventory: Inventory, store: Store, backup: Backup, where: RepositoryPlace, *, level: int, seed: int, who: str | None, judged: Callable[[Held], Held] | None = None
) -> DrillProof:  # fmt: skip
    """Hold a drill of one backup at a place; `judged` adds what is known beside it before the proof is written (level 5)."""
    members = members_of(inventory, backup)
    with ledger_run(store, ACTION, backup.id, members) as opened:
        with store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id])
            runs = stored.runs(connection, viewer=OPERATIONS, backups=[backup.id])
        newest = newest_usable(known, where.target.site)
        if newest is None:
            raise CouldNotObserve(f"backup {backup.id} has no usable snapshot at {where.target.site}", help=f"samdrift backup run {backup.id}, then samdrift backup copy")
        of_run = next((run for run in runs if run.id == newest.run), None)
        if of_run is None:
            raise CouldNotObserve(f"snapshot {newest.id[:12]} is of no run that the store knows, so there is no manifest to compare with")
        drill = _Drill(inventory, store, backup, newest, of_run)
        started = now()
        try:
            held = drill.held(where, level, seed, started)
        except restic.ResticFailed as failure:
            raise CouldNotObserve(f"the repository at {where.target.site} could not be read: {failure.text}", help=f"reason {failure.reason}") from None
        held = judged(held) if judged else held
        label = member_label(inventory, backup)
        proof = _prove(store, backup, held, newest, of_run, started, (opened.id, label, members), (level, seed), who)
        run = BackupRun(
            opened.id, backup.id, "drill", where.target.site, label, Outcome.OK if proof.passed else Outcome.FAILED, (), started, now(), members, newest.id,
            proof.compared, size_bytes=proof.size_bytes, manifest_sha256=of_run.manifest_sha256, engine=proof.versions["restic"], message="; ".join(proof.reasons),
        )  # fmt: skip
        with store.write() as connection:
            stored.add_run(connection, run)
        opened.counts.update({"files": proof.files, "compared": proof.compared, "mismatches": len(proof.mismatches)})
        opened.end_as(run.outcome, *proof.reasons)
    return proof


@dataclass(frozen=True, slots=True)
class _Drill:
    inventory: Inventory
    store: Store
    backup: Backup
    snapshot: Snapshot
    of_run: BackupRun

    def held(self, where: RepositoryPlace, level: int, seed: int, at: datetime) -> Held:
        """What the drill of that level saw."""
        if level in {2, 3}:
            return self.restored(where, level, seed)
        return self.level_1(at) if level == 1 else self.level_4(where) if level == 4 else self.level_5(where, seed)

    def level_5(self, where: RepositoryPlace, seed: int) -> Held:
        """All files, then all databases of the run; other dumps are compared as files alone, which is said as skipped."""
        files = self.restored(where, 3, seed)
        other = tuple(f"{one.name}: a dump of {one.kind} is compared as a file alone" for one in self.of_run.dumps if one.kind != "postgres")
        if not any(one.kind == "postgres" for one in self.of_run.dumps):
            return replace(files, skipped=other)
        tables = self.level_4(where)
        both = joined(files.comparison, tables.databases)
        return Held(both, (*files.reasons, *tables.reasons), files.seconds + tables.seconds, files.restore_seconds + tables.restore_seconds, other, tables.databases)

    def level_1(self, at: datetime) -> Held:
        """Both sites list it now, the origins agree, it is younger than the objective, and the copy was looked at lately."""
        around = Surroundings(self.store.state_dir, Path(self.inventory.root))
        began = elapsed_s()
        listed = {}
        places = [chosen_site(self.inventory, self.backup, None, role=role) for role in ("primary", "disaster")]
        for where in places:
            with open_place(where, around, read_only=True) as access:
                require_reached(access, where.target.site)
                listed[where.target.site] = {one.origin for one in restic.snapshots(access)}
        with self.store.read() as connection:
            looks = {one.site: one.at for one in stored.looks(connection, viewer=OPERATIONS, backups=[self.backup.id]) if one.up}
        looked = {where.target.site: looks.get(where.target.site) for where in places[1:]}
        reasons = judge_listed(self.snapshot, listed, looked, objectives(self.inventory, self.backup)[0], at)
        return Held(None, reasons, ceil(elapsed_s() - began), 0)

    def level_4(self, where: RepositoryPlace) -> Held:
        """Every database of the run into a scratch cluster, compared with what the source's own transaction counted."""
        around = Surroundings(self.store.state_dir, Path(self.inventory.root))
        need = sum(one.size_bytes for one in self.of_run.dumps)
        with scratch(self.store) as folder, open_place(where, around, read_only=True) as access:
            require_reached(access, where.target.site)
            free = free_bytes(folder)
            if free < need + MARGIN:
                raise CouldNotObserve(f"the drill needs {need + MARGIN} bytes in {folder.parent} and {free} are free", help="free space, or set --store elsewhere")
            parts = parts_of(self.store, self.snapshot)
            result = drill_databases(self.backup, self.of_run.dumps, parts, access, folder)
        return Held(None, result.reasons, result.seconds, result.restore_seconds, databases=result)

    def restored(self, where: RepositoryPlace, level: int, seed: int) -> Held:
        """Restore into scratch and compare with the source's manifest."""
        try:
            expected = read_manifest(self.store, self.of_run.id, self.of_run.manifest_sha256)
        except ValueError as error:
            raise CouldNotObserve(str(error), help="without the source's manifest nothing is proven") from None
        chosen: Sequence[Entry] = expected if level == 3 else sample(expected, SAMPLE, seed)
        need = sum(entry.size for entry in chosen if entry.kind in CONTENT)
        around = Surroundings(self.store.state_dir, Path(self.inventory.root))
        with scratch(self.store) as folder, open_place(where, around, read_only=True) as access:
            require_reached(access, where.target.site)
            free = free_bytes(folder)
            if free < need + MARGIN:
                raise CouldNotObserve(f"the drill needs {need + MARGIN} bytes in {folder.parent} and {free} are free", help="free space, or set --store elsewhere")
            began = elapsed_s()
            include = () if level == 3 else [entry.path for entry in chosen]
            ended = restore_snapshots(access, self.store, self.snapshot, folder, include=include, limit_seconds=RESTORE_S)
            restored_in = ceil(elapsed_s() - began)
            reasons = [] if ended.code == 0 else [f"restic ended with {ended.code}: {ended.said[:200]}"]
            found = self._walk(folder, None if level == 3 else frozenset(entry.path for entry in chosen))
            result = compare(chosen, found, changed=frozenset(self.of_run.not_comparable) | frozenset(self.of_run.unreadable), whole=level == 3)
            spent = ceil(elapsed_s() - began)
        reasons += [f"{len(paths)} {word}" for word, paths in (("differ", result.mismatches), ("missing", result.missing), ("surplus", result.surplus)) if paths]
        if not result.files:
            reasons.append("nothing was compared")
        return Held(result, tuple(reasons), spent, restored_in)

    def _walk(self, folder: Path, only: frozenset[bytes] | None) -> dict[bytes, Entry]:
        walk = source_tree.Walk()
        strip = os.fsencode(folder)
        found = {}
        for source in self._roots():
            for entry in source_tree.entries(strip + source, walk, strip=strip, only=only):
                found[entry.path] = entry
        return found

    def _roots(self) -> list[bytes]:
        """The declared paths as the run had them: the manifest's own, shortest first, none inside another."""
        return manifest_roots(self.store, self.of_run.id)


@contextmanager
def scratch(store: Store) -> Iterator[Path]:
    """A folder that is wiped at the end; those of drills that were killed are wiped at the next start."""
    parent = make_folder(store.state_dir / "backup" / "scratch")
    for left in parent.iterdir():
        pid = left.name.partition("-")[0]
        if not (pid.isdigit() and Path("/proc", pid).exists()):
            wipe(left)
    folder = Path(mkdtemp(dir=parent, prefix=f"{os.getpid()}-"))
    try:
        yield folder
    finally:
        wipe(folder)


def wipe(folder: Path) -> None:
    """Remove a folder with all below it, also where a restored folder cannot be written to."""
    for parent, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=False)


def _of_databases(found: Databases | None) -> Comparison:
    """Databases as a comparison: the dumps as files, tables and queries as what was compared; empty without any."""
    if found is None:
        return Comparison(0, 0, 0, 0, (), (), ())
    return Comparison(found.compared, found.restored, found.size_bytes, 0, tuple(found.mismatches), (), ())


def joined(files: Comparison | None, found: Databases | None) -> Comparison:
    """The comparison of files with that of databases; the bytes of a dump count once, as a file."""
    tables = _of_databases(found)
    if files is None:
        return tables
    return replace(files, compared=files.compared + tables.compared, mismatches=(*files.mismatches, *tables.mismatches))


def _prove(
    store: Store, backup: Backup, held: Held, snapshot: Snapshot, of_run: BackupRun, started: datetime, run: tuple[str, str, tuple[str, ...]],
    how: tuple[int, int], who: str | None,
) -> DrillProof:  # fmt: skip
    result = held.comparison or _of_databases(held.databases)
    passed = not held.reasons and (held.comparison is None or result.passed)
    versions = {"restic": restic.version(), "samdrift": __version__}
    actor = who or getpass.getuser()

    def make(previous: str) -> DrillProof:
        return DrillProof(
            id=run[0], backup=backup.id, site=snapshot.site, member=run[1], members=run[2], level=how[0], passed=passed, reasons=held.reasons,
            snapshot=snapshot.id, of_run=of_run.id, manifest_sha256=of_run.manifest_sha256, files=result.files, size_bytes=result.size_bytes,
            compared=result.compared, not_comparable=result.not_comparable, mismatches=result.mismatches, missing=result.missing, surplus=result.surplus,
            queries_expected=held.databases.expected if held.databases else {}, queries_found=held.databases.found if held.databases else {}, skipped=held.skipped, seconds=held.seconds, restore_seconds=held.restore_seconds, who=actor,
            started_at=started, versions=versions, seed=how[1], previous=previous,
        )  # fmt: skip

    with store.write() as connection:
        proof = proofs.append(connection, make)
        after = {"level": proof.level, "passed": proof.passed, "digest": proof.digest, "snapshot": proof.snapshot}
        audit.append(connection, at=now(), actor=actor, verb="drill", object=f"backup:{backup.id}/{proof.id}", members=run[2], after=after)
    return proof

