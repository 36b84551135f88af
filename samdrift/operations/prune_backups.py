"""Prune backups: forget by ids what retention gives up, on the storage host's trust, and read back that nothing else went (backup.md B12, B13, F22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters import rest_repository, restic, restic_storage
from samdrift.adapters.clock import now
from samdrift.adapters.process import find_program
from samdrift.backup.documents import Item
from samdrift.backup.refusals import Refusal
from samdrift.backup.repository import RepositoryPlace, member_label, members_of, targets_of
from samdrift.backup.retention import Decided
from samdrift.model.backup_run import BackupReason, BackupRun
from samdrift.model.errors import LockHeld, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.retention import Forgotten
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import objects
from samdrift.operations.backup_ledger import known_identity, ledger_run
from samdrift.operations.choose_backups import choose_seen
from samdrift.operations.clear_locks import clear_stale
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.plan_retention import RetentionPlan, plan_retention
from samdrift.operations.run_backup import host_names
from samdrift.operations.storage_key import open_storage
from samdrift.operations.storage_trust import clock_apart_s, inside, nobody_at_work, repositories
from samdrift.store import audit, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store

ACTION = "prune-backups"


@dataclass(slots=True)
class Pruned:
    """What was decided and done: `samdrift/snapshot` items, a run for each backup and site, and what was not done because somebody was at work."""

    items: list[Item] = field(default_factory=list)
    runs: list[BackupRun] = field(default_factory=list)
    refused: bool = False
    at_work: LockHeld | None = None


def plan_prune(inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, at: datetime, accept: Sequence[str] = (), site: str | None = None) -> Pruned:
    """What prune would do, from the store alone; the same as it does, but for what only a look at the repositories shows."""
    done = Pruned()
    for backup in choose_seen(inventory, store, _with(ids, accept, inventory), viewer):
        for target in targets_of(inventory, backup):
            if site in {None, target.site, target.id}:
                plan = plan_retention(inventory, store, backup, target, at=at, accepted=backup.id in accept)
                done.items += plan.items()
                done.refused |= bool(plan.refused)
    return done


def prune_backups(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, who: str, accept: Sequence[str] = (), site: str | None = None, device: str | None = None
) -> Pruned:  # fmt: skip
    """Prune the repositories of the chosen backups that lie on this machine; a repository where somebody is at work is left, the others go on."""
    find_program("restic")
    chosen = choose_seen(inventory, store, _with(ids, accept, inventory), viewer)
    hosts = frozenset({device}) if device else host_names()
    done = Pruned()
    for where, root in repositories(inventory, chosen, store.state_dir, hosts, site):
        mine = [one for one in inside(inventory, where) if one in chosen]
        try:
            with nobody_at_work(inventory, store, where, root):
                _Repository(inventory, store, where, root, who).prune(mine, accept, done)
        except LockHeld as error:
            done.at_work = error
    return done


def as_job(work: JobWork) -> JobDone:
    """The job: every repository that lies on this machine; a refusal is told by its own alert, and one where somebody is at work waits till tomorrow."""
    ids = [one.id for one in choose_seen(work.inventory, work.store, (), OPERATIONS)]
    if not ids:
        return JobDone(Outcome.NOTHING_TO_DO)
    done = prune_backups(work.inventory, work.store, ids, viewer=OPERATIONS, who=ACTION)
    counts = {"forgotten": sum(run.details.get("forgotten", 0) for run in done.runs), "refused": sum(run.outcome is not Outcome.OK for run in done.runs)}
    reasons = [f"{run.backup}: {run.message}" for run in done.runs if run.outcome is not Outcome.OK] + ([done.at_work.message] if done.at_work else [])
    return JobDone(Outcome.PARTIAL if reasons else Outcome.OK, counts, tuple(reasons[:5]))


def _with(ids: Sequence[str], accept: Sequence[str], inventory: Inventory) -> Sequence[str]:
    for one in accept:
        if one not in inventory.backups:
            raise UnknownId("backup", one, inventory.backups)
    return [*ids, *(one for one in accept if ids and one not in ids)]


class _Repository:
    """One repository on this machine, with nobody else at work in it."""

    def __init__(self, inventory: Inventory, store: Store, where: RepositoryPlace, root: Path, who: str) -> None:
        self.inventory, self.store, self.where, self.root, self.who = inventory, store, where, root, who

    def prune(self, backups: Sequence[Backup], accept: Sequence[str], done: Pruned) -> None:
        """Each backup by itself, then the space is reclaimed once."""
        gone = 0
        with open_storage(self.inventory, self.store, self.where, self.root, self.who) as access:
            clear_stale(self.inventory, self.store, self.where, access, self.who)
            for backup in backups:
                plan, run = self._backup(backup, access, backup.id in accept)
                done.items += plan.items() if plan else []
                done.runs.append(run)
                done.refused |= run.outcome is not Outcome.OK
                gone += run.details.get("forgotten", 0)
            if gone:
                restic_storage.reclaim(access)
                self._note_size(backups, access)

    def _backup(self, backup: Backup, access: restic.Access, accepted: bool) -> tuple[RetentionPlan | None, BackupRun]:
        members, label = members_of(self.inventory, backup), member_label(self.inventory, backup)
        plan = None
        with ledger_run(self.store, ACTION, f"{backup.id}@{self.where.target.id}", members) as opened:
            started = now()
            run = BackupRun(opened.id, backup.id, "prune", self.where.target.site, label, Outcome.OK, (), started, started, members, engine=restic.version())
            try:
                plan = self._plan(backup, access, accepted)
                if plan.refused:
                    reasons = tuple(dict.fromkeys(one.reason for one in plan.refused))
                    run = replace(run, outcome=Outcome.FAILED, reasons=reasons, message="; ".join(one.text for one in plan.refused))
                else:
                    forgotten = self._forget(plan, access, opened.id)
                    run = replace(run, details={"forgotten": forgotten, "kept": len(plan.decided) - forgotten})
            except restic.ResticFailed as failure:
                run = replace(run, outcome=Outcome.FAILED, reasons=(failure.reason,), message=failure.text)
            run = replace(run, ended_at=now())
            with self.store.write() as connection:
                stored.add_run(connection, run)
            opened.counts.update(run.details)
            opened.end_as(run.outcome, *map(str, run.reasons))
        return plan, run

    def _plan(self, backup: Backup, access: restic.Access, accepted: bool) -> RetentionPlan:
        """The store's plan, held against what the repository lists now; what an earlier prune that was killed left is settled first (F21)."""
        listed = [one for one in restic.snapshots(access) if one.tag("backup") == backup.id]
        ids = {one.id for one in listed}
        with self.store.write() as connection:
            retention.close_forgotten(connection, self.where.target.site, ids, now(), backup=backup.id)
        with self.store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id], site=self.where.target.site, parts=True)
        lost, strangers = sorted({one.id for one in known} - ids), sorted(ids - {one.id for one in known})
        more = []
        if lost:
            more.append(Refusal(BackupReason.SNAPSHOT_VANISHED, f"{len(lost)} that the store knows are not there, one is {lost[0][:12]}", tuple(lost)))
        if strangers:
            more.append(Refusal(BackupReason.UNREGISTERED, f"{len(strangers)} that the store does not know are there, one is {strangers[0][:12]}", tuple(strangers)))
        before = known_identity(self.inventory, self.store, self.where)
        if before and before != rest_repository.identity(access.location, access.ca):
            more.append(Refusal(BackupReason.REPOSITORY_CHANGED, f"the repository is another than {before[:12]}"))
        apart = clock_apart_s(self.root.parent)
        return plan_retention(self.inventory, self.store, backup, self.where.target, at=now(), accepted=accepted, clock_apart=apart, more=more)

    def _forget(self, plan: RetentionPlan, access: restic.Access, run: str) -> int:
        """Written down before, done, and read back: exactly these are gone."""
        if not plan.forget:
            return 0
        site, at = self.where.target.site, now()
        with self.store.write() as connection:
            retention.add_forgotten(connection, [_planned(one, site, run, at) for one in (*plan.forget, *self._dumps_of(plan))])
            after = {"site": site, "snapshots": [one.snapshot.id for one in (*plan.forget, *self._dumps_of(plan))]}
            audit.append(connection, at=at, actor=self.who, verb="forget", object=f"backup:{plan.backup.id}", members=members_of(self.inventory, plan.backup), after=after)
        before = {one.id for one in restic.snapshots(access)}
        parts = self._dumps_of(plan)
        restic_storage.forget(access, [one.snapshot.id for one in (*plan.forget, *parts)])
        there = {one.id for one in restic.snapshots(access)}
        with self.store.write() as connection:
            gone = retention.close_forgotten(connection, site, there, now(), backup=plan.backup.id)
        wanted = {one.snapshot.id for one in (*plan.forget, *parts)}
        if before - there != wanted:
            raise restic.ResticFailed(BackupReason.UNCLASSIFIED, f"{len(wanted)} were to be forgotten and {len(before - there)} are gone")
        return len(gone)

    def _dumps_of(self, plan: RetentionPlan) -> list[Decided]:
        """The dumps of the runs whose main snapshot goes: they never stand alone, so they go with it."""
        going = {one.snapshot.run: one for one in plan.forget if one.snapshot.run is not None}
        with self.store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[plan.backup.id], site=self.where.target.site, parts=True)
        return [replace(going[one.run], snapshot=one) for one in known if one.part and one.run in going]

    def _note_size(self, backups: Sequence[Backup], access: restic.Access) -> None:
        size = sum(length for folder in objects(access).values() for length in folder.values())
        with self.store.write() as connection:
            looks = stored.looks(connection, viewer=OPERATIONS, backups=[one.id for one in backups])
            for look in looks:
                if look.site == self.where.target.site:
                    stored.put_look(connection, _resized(look, size))


def _resized(look: RepositoryLook, size: int) -> RepositoryLook:
    return replace(look, stored_bytes=size)


def _planned(one: Decided, site: str, run: str, at: datetime) -> Forgotten:
    return Forgotten(site, one.snapshot.id, one.snapshot.backup, one.snapshot.origin, run, at, one.because)
