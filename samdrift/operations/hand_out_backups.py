"""Hand out backups: jobs for a host that a playbook runs, and what came of them taken back, judged and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from samdrift.adapters import rest_repository, restic
from samdrift.adapters.clock import now
from samdrift.backup.repository import chosen_primary, members_of
from samdrift.model.backup_run import BackupReason, BackupRun, RunFacts
from samdrift.model.errors import LockHeld, SamdriftError, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.backup_access import STATE, Surroundings, open_place
from samdrift.operations.backup_ledger import job_of, known_identity
from samdrift.operations.choose_backups import choose_backups
from samdrift.operations.record_backup_run import record_backup_run
from samdrift.operations.run_backup import ACTION, host_names, make_job
from samdrift.store import runs
from samdrift.store.store import Store

FORGOTTEN = timedelta(minutes=30)
"""So long after its limit a handed-out run is not waited for any more."""


def hand_out_backups(inventory: Inventory, store: Store, device: str, ids: Sequence[str], *, viewer: Viewer) -> list[dict[str, Any]]:
    """A job for each backup whose data lies on the device, each with its run opened in the ledger. The jobs hold secrets: they go to standard input."""
    if device not in inventory.devices:
        raise UnknownId("device", device, inventory.devices)
    around = Surroundings(store.state_dir, Path(inventory.root))
    jobs = []
    for backup in choose_backups(inventory, ids, viewer):
        if backup.device != device or any((source.path or "").startswith(STATE) for source in backup.sources):
            continue
        _close_forgotten(store, backup)
        with store.write() as connection:
            opened = runs.start_run(connection, job=job_of(ACTION, backup.id), subject=backup.id, at=now(), members=members_of(inventory, backup))
        try:
            jobs.append(make_job(inventory, backup, chosen_primary(inventory, backup), around, opened.id, identity=known_identity(inventory, store, chosen_primary(inventory, backup))).to_json())
        except SamdriftError as error:
            _end(store, opened.id, Outcome.FAILED, (type(error).__name__,), {})
            raise
    return jobs


def take_back_backup(inventory: Inventory, store: Store, told: Mapping[str, Any], manifest: Path | None, *, viewer: Viewer) -> BackupRun:
    """Judge and record what a host's agent saw; the run must be one that was handed out and has not ended. WrongUse for anything else."""
    if isinstance(told, Mapping) and told.get("facts", told) is None:
        _end(store, str(told.get("run")), Outcome.FAILED, (BackupReason.LOCKED.value,), {})
        raise LockHeld(f"another run of backup {told.get('backup')} goes on at its host", help="wait for it, or see samdrift backup status")
    try:
        facts = RunFacts.from_json(told["facts"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongUse(f"standard input is no account of a backup run: {error!r}") from None
    (backup,) = choose_backups(inventory, [facts.backup], viewer)
    with store.read() as connection:
        opened = runs.find_run(connection, facts.run, viewer=OPERATIONS)
    if opened is None or opened.subject != backup.id or opened.ended_at is not None:
        raise WrongUse(f"run {facts.run} of backup {backup.id} was not handed out, or has ended")
    if [source.path for source in facts.sources] != [source.path for source in backup.sources if source.path is not None]:
        raise WrongUse(f"run {facts.run} tells of other paths than backup {backup.id} declares")
    if [one.name for one in facts.dumps] not in ([], [source.postgres or source.name for source in backup.sources if source.path is None]):
        raise WrongUse(f"run {facts.run} tells of other databases than backup {backup.id} declares")
    facts = _seen_from_here(facts, inventory, store, backup)
    run = record_backup_run(inventory, store, backup, facts, manifest, client_clock=True, hosts=host_names())
    _end(store, run.id, run.outcome, tuple(map(str, run.reasons)), {"files": run.files, "bytes": run.size_bytes})
    return run


def _close_forgotten(store: Store, backup: Backup) -> None:
    """A run that was handed out and whose host told nothing long past its limit is ended as killed."""
    job, at = job_of(ACTION, backup.id), now()
    with store.write() as connection:
        still = [run for run in runs.list_runs(connection, viewer=OPERATIONS, job=job) if run.ended_at is None]
        if still and all(run.started_at < at - timedelta(seconds=backup.max_duration) - FORGOTTEN for run in still):
            runs.close_abandoned(connection, job=job, at=at)


def _seen_from_here(facts: RunFacts, inventory: Inventory, store: Store, backup: Backup) -> RunFacts:
    """A host's word is not enough: the snapshot must be listed, with this run's id, when we look ourselves."""
    if facts.snapshot is None:
        return facts
    with open_place(chosen_primary(inventory, backup), Surroundings(store.state_dir, Path(inventory.root))) as access:
        refusal = rest_repository.probe(access.location, access.ca)
        if refusal is not None:
            return replace(facts, failure=refusal[0], failure_text=refusal[1])
        try:
            listed = restic.snapshots(access, tag=f"run={facts.run}")
        except restic.ResticFailed as failure:
            return replace(facts, failure=failure.reason, failure_text=failure.text)
    mine = {one.id: one for one in listed if one.tag("backup") == backup.id}
    if facts.snapshot not in mine:
        return replace(facts, snapshot=None, tagged=False)
    dumps = tuple(one if one.failure or one.snapshot in mine else replace(one, failure=f"{one.name}: the repository lists no snapshot of it") for one in facts.dumps)
    return replace(facts, claimed_at=mine[facts.snapshot].claimed_at, dumps=dumps)


def _end(store: Store, run: str, outcome: Outcome, reasons: tuple[str, ...], counts: dict[str, int]) -> None:
    with store.write() as connection:
        runs.end_run(connection, run, at=now(), outcome=outcome, counts=counts, reasons=reasons)
