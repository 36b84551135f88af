"""Record a run: judge what was seen, keep the manifest, move the recovery point only when the snapshot is usable (backup.md B5, B6, B9)."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder
from samdrift.adapters.limits import SIZES
from samdrift.backup.freshness import newest_usable
from samdrift.backup.judgement import Past, RunVerdict, judge_run, totals
from samdrift.backup.repository import chosen_primary, member_label, members_of
from samdrift.model import manifest as manifests
from samdrift.model.backup_run import NOT_REACHED, BackupReason, BackupRun, RunFacts
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.score_run import score_run, with_anomaly
from samdrift.operations.tell_arrival import tell_arrival
from samdrift.store import backup_signs
from samdrift.store import backups as stored
from samdrift.store.store import Store

CLOCK_S = 600
"""A claimed time further than this outside its run does not fit (B13)."""


def record_backup_run(
    inventory: Inventory, store: Store, backup: Backup, facts: RunFacts, manifest: Path | None, *, client_clock: bool, hosts: frozenset[str]
) -> BackupRun:  # fmt: skip
    """Judge and write one run. With `client_clock` the facts' times are the host's own, so the recovery point is the earlier of claim and arrival. `hosts` are this machine's names."""
    where = chosen_primary(inventory, backup)
    site = where.target.site
    with store.read() as connection:
        usable = [Past(one.files, one.size_bytes) for one in stored.runs(connection, viewer=OPERATIONS, backups=[backup.id]) if one.outcome.value == "ok"]
        known = next((one for one in stored.looks(connection, viewer=OPERATIONS, backups=[backup.id]) if one.site == site), None)
    verdict = _with_identity(judge_run(facts, usable), facts, known)
    run = _run(inventory, backup, site, facts, verdict)
    found, removed = score_run(store, run, facts, manifest, _usable_manifest(store, backup, site))
    verdict = with_anomaly(verdict, found)
    run = replace(_run(inventory, backup, site, facts, verdict), files_removed=removed)
    if manifest is not None and facts.manifest_sha256:
        _keep_manifest(store, run.id, manifest, facts.manifest_sha256)
    at = now()
    arrival = tell_arrival(inventory, store, where, facts.snapshot, hosts) if facts.snapshot is not None else at
    with store.write() as connection:
        stored.add_run(connection, run)
        if found is not None:
            backup_signs.add_signs(connection, found)
        if facts.snapshot is not None and facts.claimed_at is not None:
            main = _snapshot(run, facts, verdict, arrival, client_clock)
            for one in (main, *_parts(main, facts)):
                stored.put_snapshot(connection, one)
        count = sum(1 for one in stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id], site=site))
        stored.put_look(connection, _look(run, facts, at, count))
    return run


def _usable_manifest(store: Store, backup: Backup, site: str) -> Path | None:
    """The manifest of the newest usable run."""
    with store.read() as connection:
        newest = newest_usable(stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id], site=site), site)
    return manifest_path(store, newest.run) if newest is not None and newest.run is not None else None


def _with_identity(verdict: RunVerdict, facts: RunFacts, known: RepositoryLook | None) -> RunVerdict:
    """Another repository under the same key is no place for this run's data (F17)."""
    if known and known.repository_id and facts.repository_id and known.repository_id != facts.repository_id:
        text = f"the repository is {facts.repository_id[:12]} and was {known.repository_id[:12]}"
        return RunVerdict(Outcome.FAILED, (BackupReason.REPOSITORY_CHANGED, *verdict.reasons), (text, *verdict.sentences))
    return verdict


def _run(inventory: Inventory, backup: Backup, site: str, facts: RunFacts, verdict: RunVerdict) -> BackupRun:
    files, size = totals(facts)
    return BackupRun(
        id=facts.run, backup=backup.id, action="run", site=site, member=member_label(inventory, backup), members=members_of(inventory, backup),
        outcome=verdict.outcome, reasons=verdict.reasons, started_at=facts.started_at, ended_at=facts.ended_at, snapshot=facts.snapshot, files=files,
        files_new=facts.files_new, files_changed=facts.files_changed, size_bytes=size, added_bytes=facts.added_bytes, unreadable=facts.unreadable,
        dumps=facts.dumps, not_comparable=facts.not_comparable, manifest_sha256=facts.manifest_sha256, engine=facts.engine, message="; ".join(verdict.sentences),
        details={"overran": 1} if (facts.ended_at - facts.started_at).total_seconds() >= backup.max_duration else {},
    )  # fmt: skip


def _snapshot(run: BackupRun, facts: RunFacts, verdict: RunVerdict, arrival: datetime, client_clock: bool) -> Snapshot:
    claimed = facts.claimed_at or facts.started_at
    point = min(claimed, arrival) if client_clock else facts.started_at
    state = verdict.snapshot_state
    apart = min(abs((claimed - facts.started_at).total_seconds()), abs((claimed - facts.ended_at).total_seconds()))
    if state == "usable" and (apart > CLOCK_S or (claimed - arrival).total_seconds() > CLOCK_S):
        state = "suspect"
    assert run.snapshot is not None
    return Snapshot(
        run.snapshot, None, run.backup, run.site, run.member, state, claimed, arrival, point, run.id, run.files, run.size_bytes, run.members
    )  # fmt: skip


def _parts(main: Snapshot, facts: RunFacts) -> list[Snapshot]:
    """The dumps' own snapshots: of the main one's time and state, as neither is whole without the other."""
    made = [one for one in facts.dumps if one.snapshot is not None and not one.failure]
    return [replace(main, id=one.snapshot, part=one.path, files=1, size_bytes=one.size_bytes) for one in made if one.snapshot is not None]


def _look(run: BackupRun, facts: RunFacts, at: datetime, count: int) -> RepositoryLook:
    up = facts.failure is None or facts.failure not in NOT_REACHED | {BackupReason.REFUSED, BackupReason.CERTIFICATE}
    return RepositoryLook(run.backup, run.site, run.member, at, up, facts.failure, facts.repository_id, count, members=run.members)


def manifest_path(store: Store, run: str) -> Path:
    """Where the store keeps the manifest of a run (gzip; its digest is of the plain lines)."""
    return store.state_dir / "backup" / "manifests" / f"{run}.jsonl.gz"


def _keep_manifest(store: Store, run: str, source: Path, digest: str) -> None:
    """Block by block: a million files make 150 MB of lines. It bears its name only when it is whole and the run's own."""
    into = manifest_path(store, run)
    made = make_folder(into.parent) / f".{run}.new"
    made.touch(mode=0o600)
    try:
        with source.open("rb") as lines, made.open("wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as stream:
                if manifests.digest(_written(lines, stream)) != digest:
                    raise WrongUse(f"the manifest of {run} is not the one that its run made")
            raw.flush()
            os.fsync(raw.fileno())
        made.replace(into)
    finally:
        made.unlink(missing_ok=True)


def _written(lines: BinaryIO, stream: gzip.GzipFile) -> Iterator[bytes]:
    while block := lines.read(SIZES["hash-block"]):
        stream.write(block)
        yield block


def read_manifest(store: Store, run: str, digest: str) -> list[manifests.Entry]:
    """The entries of a run's manifest; ValueError when it is missing or its digest is another."""
    data = _manifest_bytes(store, run)
    if manifests.digest([data]) != digest:
        raise ValueError(f"the manifest of {run} in the store has another digest than its run")
    return list(manifests.read(data.splitlines(keepends=True))[1])


def manifest_roots(store: Store, run: str) -> list[bytes]:
    """The declared paths that a run's manifest begins with, none inside another; ValueError when it cannot be read."""
    head, _ = manifests.read(_manifest_bytes(store, run).splitlines(keepends=True)[:1])
    roots: list[bytes] = []
    for path in sorted(path.encode() for path in (*head.paths, *(one.path for one in head.dumps))):
        if not any(path == root or path.startswith(root.rstrip(b"/") + b"/") for root in roots):
            roots.append(path)
    return roots


def _manifest_bytes(store: Store, run: str) -> bytes:
    try:
        return gzip.decompress(manifest_path(store, run).read_bytes())
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise ValueError(f"the store has no readable manifest of {run}: {error}") from None
