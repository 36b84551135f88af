"""Run the daily work on backups as jobs: what is due here, copies, checks, scans, drills and volumes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from samdrift.backup.repository import copies, targets_of
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import SamdriftError
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import STATE, here
from samdrift.operations.check_backups import check_backups
from samdrift.operations.copy_backups import copy_backups
from samdrift.operations.drill_restore import drill_restore
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.judge_backups import judge_backups
from samdrift.operations.run_backup import host_names, run_backup
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import findings

DUE = timedelta(hours=20)
"""A backup that ran well within this time is not run again by the daily job."""


def run_due(work: JobWork) -> JobDone:
    """Run the backups whose data lies on this machine and that have not run since yesterday."""
    hosts = host_names()
    mine = [
        one.id
        for one in work.inventory.backups.values()
        if all((source.path or "").startswith(STATE) for source in one.sources) or {one.device, work.inventory.devices[one.device].name} & hosts
    ]
    states = backup_states(work.inventory, work.store, mine, viewer=OPERATIONS, at=work.at) if mine else {}
    due = [
        one for one, (_, state) in states.items() if not (state.last_run and state.last_run.outcome is Outcome.OK and work.at - state.last_run.started_at < DUE)
    ]
    return _each(due, lambda one: (run_backup(work.inventory, work.store, one, viewer=OPERATIONS),))


def copy(work: JobWork) -> JobDone:
    """Pull to every disaster site that is this machine."""
    return _each([one for one in work.inventory.backups if _has_run(work, one)], lambda one: copy_backups(work.inventory, work.store, [one], viewer=OPERATIONS))


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


def drill(work: JobWork) -> JobDone:
    """Hold every drill of level 1-3 that is due and whose copy lies on this machine."""
    states = backup_states(work.inventory, work.store, (), viewer=OPERATIONS, at=work.at)
    due: dict[str, int] = {}
    for one, (backup, state) in states.items():
        levels = [drill.level for drill in state.drills if drill.level <= 3 and drill.due_at is not None and drill.due_at <= work.at]
        if levels and state.last_run is not None and any(here(target, host_names()) for target in targets_of(work.inventory, backup) if target in copies(work.inventory)):
            due[one] = max(levels)  # a higher level proves the lower ones too
    counts: Counter[str] = Counter()
    reasons: list[str] = []
    for one, level in due.items():
        try:
            proof = drill_restore(work.inventory, work.store, one, level=level, viewer=OPERATIONS, who="drill-backups")
        except SamdriftError as error:
            reasons.append(f"{one}: {error.message}")
        else:
            counts["passed" if proof.passed else "failed"] += 1
            reasons += [] if proof.passed else [f"{one}: {'; '.join(proof.reasons)}"]
    return _done(len(due), counts, reasons)


def _has_run(work: JobWork, backup: str) -> bool:
    (_, state) = backup_states(work.inventory, work.store, [backup], viewer=OPERATIONS, at=work.at)[backup]
    return state.last_run is not None


def _looked(work: JobWork, *, keyless: bool) -> JobDone:
    """Each repository once, whichever of its backups have run."""
    seen = [one for one in work.inventory.backups if _has_run(work, one)]
    targets = [target for target in work.inventory.backup_targets.values() if not keyless or target.kind == "local"]
    sites = [target.site for target in targets] if seen else []
    return _each(sites, lambda site: check_backups(work.inventory, work.store, seen, viewer=OPERATIONS, site=site, keyless=keyless))


def _each(ids: Sequence[str], act: Callable[[str], Sequence[BackupRun]]) -> JobDone:
    """One failure is that one's result; the others go on."""
    counts: Counter[str] = Counter()
    reasons: list[str] = []
    for one in ids:
        try:
            runs = act(one)
        except SamdriftError as error:
            reasons.append(f"{one}: {error.message}")
            continue
        for run in runs:
            counts[run.outcome.value] += 1
            reasons += [f"{one}: {reason}" for reason in run.reasons]
    return _done(len(ids), counts, reasons)


def _done(asked: int, counts: Counter[str], reasons: Sequence[str]) -> JobDone:
    if not asked:
        return JobDone(Outcome.NOTHING_TO_DO)
    return JobDone(Outcome.PARTIAL if reasons else Outcome.OK, dict(counts), tuple(reasons[:5]))
