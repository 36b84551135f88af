"""Heal a repository on its storage host: set aside what is damaged, make the index anew, copy back from the other site, check again (backup.md B15)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from samdrift.adapters import repository_files, restic, restic_objects
from samdrift.adapters.clock import now
from samdrift.adapters.process import find_program
from samdrift.backup.damage import INDEX_LACKS, STRUCTURE
from samdrift.backup.locks import Lock
from samdrift.backup.repository import RepositoryPlace, member_label, members_of, place, targets_of
from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.plan import Plan, Step
from samdrift.model.retention import Forgotten
from samdrift.model.run import Outcome
from samdrift.model.snapshot import Snapshot, StoredSnapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import Surroundings, open_place, pull_location, target_folder
from samdrift.operations.backup_ledger import ledger_run
from samdrift.operations.check_backups import repositories
from samdrift.operations.clear_locks import clear_stale, standing_locks
from samdrift.operations.judge_backups import judge_backups
from samdrift.operations.look_at_repository import Look
from samdrift.operations.name_damage import Hit
from samdrift.operations.run_backup import host_names
from samdrift.operations.sealed_copies import sealed_copy
from samdrift.operations.set_aside import set_aside
from samdrift.operations.storage_key import open_storage
from samdrift.operations.storage_trust import inside, nobody_at_work, storage_folder
from samdrift.store import backups as stored
from samdrift.store import findings, retention
from samdrift.store.store import Store

ACTION = "heal-repositories"
COPY_S = 6 * 3600
ROUNDS = 4
"""A broken index hides broken packs: after each mending the repository is looked at again."""
WHY = "damaged, healed from the other site"
LOST = "damaged, and at no other site"


@dataclass(slots=True)
class Healing:
    """One repository on this machine, what its last look found, and what has been done."""

    inventory: Inventory
    store: Store
    where: RepositoryPlace
    root: Path
    look: Look
    who: str
    found: BackupRun
    locks: Sequence[Lock] = ()
    copied: int = 0
    rebuilt: bool = False
    lost: dict[str, Damage] = field(default_factory=dict)

    @property
    def hits(self) -> Mapping[str, Hit]:
        return self.look.seen.hits

    def affected(self) -> tuple[str, ...]:
        """The snapshots that need something damaged, and those that are gone, by id; what is lost is not tried again."""
        kinds = ("data/", "snapshots/", *((INDEX_LACKS, STRUCTURE) if self.rebuilt else ()))
        hit = {one for name, found in self.hits.items() if name.startswith(kinds) and not name.startswith("index/") for one in found.snapshots}
        gone = {one.id for one in to_come_back(self.inventory, self.store, self.where)} if self.look.seen.matched else set()
        return tuple(sorted(one for one in hit | gone if f"snapshots/{one}" not in self.lost))

    def broken_doors(self) -> tuple[str, ...]:
        """Config and keys that are gone or damaged."""
        return tuple(dict.fromkeys((*_lacking(self.root), *(name for name in sorted(self.hits) if name == "config" or name.startswith("keys/")))))

    def doors(self) -> Mapping[str, Path]:
        """The sealed copy of each door that is gone or damaged; CouldNotObserve when one is not on this machine, so that the plan cannot be carried out."""
        copies = {name: sealed_copy(self.inventory, self.store, self.where, name) for name in self.broken_doors()}
        for name, copy in copies.items():
            if copy is None:
                raise CouldNotObserve(f"{name} of {self.where.path} is gone or damaged and no sealed copy of it is on this machine", help="bring the other site's folder .sealed here")
        return {name: copy for name, copy in copies.items() if copy is not None}

    def plan(self) -> Plan:
        """What would be done now, as far as this look sees."""
        steps = [("clear-lock", f"locks/{lock.id}") for lock in self.locks if lock.stale]
        steps += [("restore-sealed", name) for name in self.broken_doors()]
        steps += [("set-aside", name) for name in sorted(self.hits) if name.startswith(("data/", "index/")) and self._lies(name)]
        steps += [("set-aside", f"keys/{key}") for key in self.look.seen.keys_unknown]
        if any(name.startswith(("data/", "index", STRUCTURE)) for name in self.hits):
            steps.append(("rebuild-index", self.where.path))
        affected = self.affected()
        steps += [("set-aside", f"snapshots/{one}") for one in affected if self._lies(f"snapshots/{one}")]
        steps += [("copy-back", f"snapshots/{one}") for one in affected]
        steps += [("check-data", self.where.path)] if steps else []
        return Plan(f"heal {self.where.path} at {self.where.target.site}", tuple(Step(number, verb, subject) for number, (verb, subject) in enumerate(steps, start=1)))

    def _lies(self, name: str) -> bool:
        return os.path.lexists(repository_files.place_of(self.root, name))


@contextmanager
def healing(
    inventory: Inventory, store: Store, repository: str, *, viewer: Viewer, who: str, site: str | None = None, device: str | None = None
) -> Iterator[Healing]:  # fmt: skip
    """Look at a repository of this machine and hold off everybody while the block plans or acts. WrongUse elsewhere, LockHeld (75) when somebody is at work."""
    find_program("restic")
    hosts = frozenset({device}) if device else host_names()
    if "/" not in repository:
        raise UnknownId("repository", repository, {place(inventory, one, target).path for one in inventory.backups.values() for target in targets_of(inventory, one)})
    for backup, where in repositories(inventory, store, [repository], viewer, site):
        folder = storage_folder(where.target, store.state_dir, hosts)
        if folder is None or (site is None and not (folder / where.path).exists()):
            continue
        root = folder / where.path
        with nobody_at_work(inventory, store, where, root):
            look = Look(inventory, store, backup, where, hosts)
            found = look.look("", full=True, keyless=False)
            with open_place(where, look.around, at=str(root), read_only=True) as access:
                locks = standing_locks(inventory, store, where, access)
            yield Healing(inventory, store, where, root, look, who, found, locks)
            return
    raise WrongUse(f"repository {repository} is not stored on this machine", help="run it on the storage host, or name the device with --device")


def heal(one: Healing) -> BackupRun:
    """Carry it out and give the recorded run; what no site has is listed as lost. Doing it again, also after a kill, begins with a new look.

    Locks go first, by their lease: LockHeld (75) while one stands whose lease is not over (B17). The last look, which read every byte, is recorded as a check.
    """
    backup, target = one.look.backup, one.where.target
    with open_place(one.where, one.look.around, at=str(one.root)) as access:
        clear_stale(one.inventory, one.store, one.where, access, one.who)
    one.locks = ()
    if one.found.outcome is not Outcome.OK:
        one.look.record(one.found)  # a heal that is killed leaves no repository that looks whole
    members = members_of(one.inventory, backup)
    with ledger_run(one.store, ACTION, f"{one.where.path}@{target.id}", members) as opened:
        started = now()
        run = BackupRun(opened.id, backup.id, "heal", target.site, member_label(one.inventory, backup), Outcome.OK, (), started, started, members, engine=restic.version())
        try:
            _mend_doors(one)
            for _ in range(ROUNDS):
                if not one.plan().steps:
                    break
                _round(one, opened.id)
                one.found = one.look.look(opened.id, full=True, keyless=False)
            run = _judged(run, one)
        except restic.ResticFailed as failure:
            run = replace(run, outcome=Outcome.FAILED, reasons=(failure.reason,), message=failure.text, damaged=one.found.damaged)
        run = replace(run, ended_at=now())
        with one.store.write() as connection:
            stored.add_run(connection, run)
        opened.counts.update(run.details)
        opened.end_as(run.outcome, *map(str, run.reasons))
    record_look(one)
    return run


def record_look(one: Healing) -> None:
    """Make the record true at once: the last look is the newest check, a scan that found something is made anew, and the findings of the backups inside are judged again (B14)."""
    backups = frozenset(inner.id for inner in one.look.inside)
    run = one.look.record(one.found)
    with one.store.read() as connection:
        ran = stored.runs(connection, viewer=OPERATIONS, backups=backups, actions=("scan",), limit=200)
    last = next((scan for scan in ran if scan.site == one.where.target.site), None)
    if last is not None and last.reasons:
        one.look.record(one.look.look("", full=False, keyless=True))
    judged = [each for each in judge_backups(one.inventory, one.store, viewer=OPERATIONS, at=now()) if each.subject.noun == "backup" and each.subject.id in backups]
    with one.store.write() as connection:
        findings.record(connection, run.id, judged)


def _judged(run: BackupRun, one: Healing) -> BackupRun:
    details = {"copied": one.copied, "lost": len(one.lost)}
    still = tuple(damage for damage in one.found.damaged if damage.object not in one.lost)
    if not still and not one.lost:
        return replace(run, details=details, message=f"{one.copied} snapshots were copied back")
    message = f"{len(one.lost)} snapshots lie at no other site and are lost" if one.lost else f"{still[0].object} is still damaged"
    return replace(run, outcome=Outcome.PARTIAL, reasons=(BackupReason.REPOSITORY_DAMAGED,), damaged=(*one.lost.values(), *still), details=details, message=message)


def _lacking(root: Path) -> tuple[str, ...]:
    """The doors that are gone: config, or every key."""
    return tuple(name for name, there in (("config", os.path.lexists(root / "config")), ("keys", any((root / "keys").glob("*")))) if not there)


def _mend_doors(one: Healing) -> None:
    """Config and keys come back from the sealed copies at the other site; what is damaged is set aside first (F6)."""
    for name, copy in one.doors().items():
        if os.path.lexists(one.root / name) and not copy.is_dir():
            set_aside(one.store, one.where, one.root, name, who=one.who, why=WHY, members=members_of(one.inventory, one.look.backup))
        (one.root / name).parent.mkdir(exist_ok=True, mode=0o700)
        if copy.is_dir():
            shutil.copytree(copy, one.root / name, dirs_exist_ok=True)
        else:
            shutil.copy2(copy, one.root / name)
        one.found = one.look.look("", full=True, keyless=False)


def _round(one: Healing, run: str) -> None:
    affected = one.affected()
    files = {snapshot: tuple(sorted({path for hit in one.hits.values() if snapshot in hit.snapshots for path in hit.files})) for snapshot in affected}
    members = members_of(one.inventory, one.look.backup)
    aside = [step.subject for step in one.plan().steps if step.verb == "set-aside" and not step.subject.startswith("snapshots/")]
    for name in aside:
        set_aside(one.store, one.where, one.root, name, who=one.who, why="damaged or none of ours", members=members)
    with open_storage(one.inventory, one.store, one.where, one.root, one.who) as into:
        if any(step.verb == "rebuild-index" for step in one.plan().steps):
            restic_objects.rebuild_index(replace(into, cache=None))
            one.rebuilt = True
        known, healing_now = _forget_here(one, affected, run)
        for name in (f"snapshots/{snapshot}" for snapshot in affected):
            if os.path.lexists(repository_files.place_of(one.root, name)):
                set_aside(one.store, one.where, one.root, name, who=one.who, why=WHY, members=members)
        back = _copy_back(one, into, [known[snapshot].origin if snapshot in known else snapshot for snapshot in affected])
    for snapshot in affected:
        row = known.get(snapshot)
        found = back.get(row.origin if row else snapshot)
        if found is not None:
            one.copied += 1
            if row is not None:
                with one.store.write() as connection:
                    retention.add_forgotten(connection, [Forgotten(row.site, row.id, row.backup, row.origin, run, now(), WHY, now())])
                    stored.put_snapshot(connection, replace(row, id=found.id, original=found.original))
        else:
            if row is not None and row.id in healing_now:
                with one.store.write() as connection:
                    retention.add_forgotten(connection, [Forgotten(row.site, row.id, row.backup, row.origin, run, now(), LOST, now())])
            backups = (row.backup,) if row else ()
            whose = members_of(one.inventory, one.inventory.backups[row.backup]) if row and row.backup in one.inventory.backups else ()
            one.lost[f"snapshots/{snapshot}"] = Damage(f"snapshots/{snapshot}", files[snapshot], backups, whose)


def _forget_here(one: Healing, affected: Sequence[str], run: str) -> tuple[dict[str, Snapshot], frozenset[str]]:
    """Written down before anything moves, so that none of these is ever taken for vanished, and the next heal knows of it after a kill.

    Gives the store's rows by id, and the ids that this heal or an earlier one takes away itself; one that vanished is explained only once it is back.
    """
    site, at = one.where.target.site, now()
    backups = [inner.id for inner in one.look.inside]
    with one.store.write() as connection:
        vanished = {row.id for row in retention.unexplained(connection, viewer=OPERATIONS, backups=backups) if row.site == site}
        known = {row.id: row for row in stored.snapshots(connection, viewer=OPERATIONS, backups=backups, site=site, parts=True, gone=True) if row.id in affected}
        mine = [row for row in known.values() if row.id not in vanished]
        retention.add_forgotten(connection, [Forgotten(site, row.id, row.backup, row.origin, run, at, WHY) for row in mine])
        for backup in sorted({row.backup for row in mine}):
            retention.close_forgotten(connection, site, (), at, backup=backup)
    return known, frozenset(row.id for row in mine)


def to_come_back(inventory: Inventory, store: Store, where: RepositoryPlace) -> tuple[Snapshot, ...]:
    """Snapshots that are not at this site and should be: gone unexplained, or taken away by a heal that was killed before it brought them back (F17, F21)."""
    site, ids = where.target.site, [one.id for one in inside(inventory, where)]
    with store.read() as connection:
        gone = [one for one in retention.unexplained(connection, viewer=OPERATIONS, backups=ids) if one.site == site]
        taken = {one.id for one in retention.forgotten(connection, viewer=OPERATIONS, backups=ids, site=site) if one.because == WHY}
        rows = stored.snapshots(connection, viewer=OPERATIONS, backups=ids, site=site, parts=True, gone=True)
        there = {one.origin for one in stored.snapshots(connection, viewer=OPERATIONS, backups=ids, site=site, parts=True)}
    return (*gone, *(one for one in rows if one.id in taken and one.origin not in there))


def _copy_back(one: Healing, into: restic.Access, origins: Sequence[str]) -> dict[str, StoredSnapshot]:
    """Copy the snapshots of these origins from the other sites that can be reached; origin → what lies here now."""
    for other in _others(one):
        with other as opened:
            source = replace(opened, cache=None)
            there = {found.origin: found.id for found in restic.snapshots(source)}
            for origin in origins:
                if origin in there:
                    restic.copy(replace(into, cache=None), source, there[origin], limit_seconds=COPY_S)
    return {found.origin: found for found in restic.snapshots(replace(into, cache=None)) if found.origin in set(origins)}


def _others(one: Healing) -> Iterator[AbstractContextManager[restic.Access]]:
    """A door to the same repository at each other target that this machine can read."""
    around = Surroundings(one.store.state_dir, Path(one.inventory.root))
    for target in targets_of(one.inventory, one.look.backup):
        other = place(one.inventory, one.look.backup, target)
        if target.id == one.where.target.id:
            continue
        folder = target_folder(target, one.store.state_dir) or (Path(target.path) if target.path else None)
        if folder is not None and (folder / other.path / "config").exists():
            yield open_place(other, around, at=str(folder / other.path), read_only=True)
        elif target.pull_url is not None:
            yield open_place(other, around, at=pull_location(other, one.where.target, around), read_only=True)
