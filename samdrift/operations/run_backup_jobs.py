"""Run the daily work on backups as jobs: what is due here, copies, checks, scans, drills and volumes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from samdrift.adapters.process import end_children
from samdrift.backup.repository import owner_of
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import STATE
from samdrift.operations.check_backups import check_backups
from samdrift.operations.copy_backups import copy_backups
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.judge_backups import judge_backups
from samdrift.operations.run_backup import host_names, run_backup
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import findings
from samdrift.store.store import Store

OWNERS_AT_ONCE = 6
"""How many owners' repositories are worked on at a time."""
DUE = timedelta(hours=20)
"""A backup that ran well within this time is not run again by the daily job."""


def run_due(work: JobWork) -> JobDone:
    """Run the backups whose data lies on this machine and that have not run since yesterday."""
    due = due_here(work.inventory, work.store, at=work.at)
    return _each(work, due, lambda one: (run_backup(work.inventory, work.store, one, viewer=OPERATIONS),))


def due_here(inventory: Inventory, store: Store, *, at: datetime, device: str | None = None) -> list[str]:
    """The ids of the backups whose data lies on this machine and whose last run was not well, or is of yesterday."""
    hosts = {device} if device else host_names()
    mine = [
        one.id
        for one in inventory.backups.values()
        if all((source.path or "").startswith(STATE) for source in one.sources) or {one.device, inventory.devices[one.device].name} & hosts
    ]
    states = backup_states(inventory, store, mine, viewer=OPERATIONS, at=at) if mine else {}
    return [one for one, (_, state) in states.items() if not (state.last_run and state.last_run.outcome is Outcome.OK and at - state.last_run.started_at < DUE)]


def copy(work: JobWork) -> JobDone:
    """Pull to every disaster site that is this machine."""
    return _each(work, [one for one in work.inventory.backups if _has_run(work, one)], lambda one: copy_backups(work.inventory, work.store, [one], viewer=OPERATIONS))


def check(work: JobWork) -> JobDone:
    """Structure and today's slice of every repository that can be reached from here; then every service is judged and the findings kept."""
    done = _looked(work, keyless=False)
    found = judge_backups(work.inventory, work.store, viewer=OPERATIONS, at=work.at)
    with work.store.write() as connection:
        rows = findings.record(connection, work.run_id, found)
    outcome = Outcome.OK if done.outcome is Outcome.NOTHING_TO_DO else done.outcome
    return JobDone(outcome, {**done.counts, "findings": rows}, done.reasons)


def scan(work: JobWork) -> JobDone:
    """Names against content, without a key, of the targets that lie on this machine."""
    return _looked(work, keyless=True)


def _has_run(work: JobWork, backup: str) -> bool:
    (_, state) = backup_states(work.inventory, work.store, [backup], viewer=OPERATIONS, at=work.at)[backup]
    return state.last_run is not None


def _looked(work: JobWork, *, keyless: bool) -> JobDone:
    """Each repository once, whichever of its backups have run."""
    seen = [one for one in work.inventory.backups if _has_run(work, one)]
    owners = _by_owner(work.inventory, seen)
    return _each(work, [ids[0] for ids in owners.values()], lambda first: check_backups(work.inventory, work.store, _beside(owners, first), viewer=OPERATIONS, keyless=keyless))


def _beside(owners: Mapping[str, Sequence[str]], first: str) -> Sequence[str]:
    return next(ids for ids in owners.values() if ids[0] == first)


def _by_owner(inventory: Inventory, ids: Sequence[str]) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for one in ids:
        owners.setdefault(owner_of(inventory, inventory.services[inventory.backups[one].service]), []).append(one)
    return owners


def _each(work: JobWork, ids: Sequence[str], act: Callable[[str], Sequence[BackupRun]]) -> JobDone:
    """One failure is that one's result; owners go side by side, so that one's hanging repository delays no other (B7)."""
    counts: Counter[str] = Counter()
    reasons: list[str] = []
    told, stop = threading.Lock(), threading.Event()

    def owner(mine: Sequence[str]) -> None:
        for one in mine:
            if stop.is_set():
                return
            try:
                found, said = act(one), []
            except SamdriftError as error:
                found, said = (), [f"{one}: {error.message}"]
            with told:
                counts.update(run.outcome.value for run in found)
                reasons.extend([*said, *(f"{one}: {reason}" for run in found for reason in run.reasons)])

    with ThreadPoolExecutor(OWNERS_AT_ONCE) as workers:
        going = [workers.submit(owner, mine) for mine in _by_owner(work.inventory, ids).values()]
        try:
            for one in going:
                one.result()
        finally:
            if not all(one.done() for one in going):  # told to end: nothing is begun any more, and what runs is asked to end
                stop.set()
                end_children()
    return _done(len(ids), counts, sorted(reasons))


def _done(asked: int, counts: Counter[str], reasons: Sequence[str]) -> JobDone:
    if not asked:
        return JobDone(Outcome.NOTHING_TO_DO)
    return JobDone(Outcome.PARTIAL if reasons else Outcome.OK, dict(counts), tuple(reasons[:5]))
