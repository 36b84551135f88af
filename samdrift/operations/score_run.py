"""Score a run: its signs from its manifest and the one before, judged by the backup's own history (backup.md B16)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from samdrift.adapters.file_samples import extension_of
from samdrift.backup.anomaly import HISTORY_RUNS, Movement, score, signs
from samdrift.backup.judgement import RunVerdict
from samdrift.model import manifest as manifests
from samdrift.model.anomaly import RunSigns
from samdrift.model.backup_run import BackupReason, BackupRun, RunFacts
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.store import backup_signs, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store

SUSPECT_TEXT = "out of this backup's ordinary: {signals}; look before anything is forgotten"


def score_run(store: Store, run: BackupRun, facts: RunFacts, manifest: Path | None, kept: Path | None) -> tuple[RunSigns | None, int]:
    """The signs of a run that gave a snapshot, judged, and how many files are gone since; None without one. `kept` is the manifest (gzip) of the usable run before."""
    if run.snapshot is None or manifest is None:
        return None, 0
    with store.read() as connection:
        usable = {one.run for one in stored.snapshots(connection, viewer=OPERATIONS, backups=[run.backup], site=run.site) if one.state == "usable"}
        accepted = {one.origin for one in retention.reviews(connection, viewer=OPERATIONS, backups=[run.backup]) if one.verdict == "accept"}
        past = backup_signs.signs(connection, viewer=OPERATIONS, backups=[run.backup], limit=3 * HISTORY_RUNS)
        snapshots = {one.id: one.snapshot for one in stored.runs(connection, viewer=OPERATIONS, backups=[run.backup], limit=3 * HISTORY_RUNS)}
    fit = [one.signs for one in past if one.run in usable or snapshots.get(one.run) in accepted]
    moved = _movement(manifest, kept)
    found = signs(moved, facts.added_bytes, facts.samples)
    scored = score(found, fit)
    return RunSigns(run.id, run.backup, run.member, run.started_at, found, scored.judged, scored.suspect, scored.signals, run.members), moved.removed


def with_anomaly(verdict: RunVerdict, found: RunSigns | None) -> RunVerdict:
    """A suspect run is partial with its reason; its snapshot moves no recovery point until a person accepts it."""
    if found is None or not found.suspect:
        return verdict
    outcome = Outcome.PARTIAL if verdict.outcome is Outcome.OK else verdict.outcome
    text = SUSPECT_TEXT.format(signals=", ".join(found.signals))
    return replace(verdict, outcome=outcome, reasons=(*verdict.reasons, BackupReason.ANOMALY), sentences=(*verdict.sentences, text))


def _movement(manifest: Path, kept: Path | None) -> Movement:
    before, extensions = _index(kept)
    whole, new, changed, unknown = len(before), 0, 0, 0
    for path, content in _files(manifest):
        earlier = before.pop(path_number(path), None)
        if earlier == content:
            continue
        new += earlier is None
        changed += earlier is not None
        unknown += extension_of(path) not in extensions
    return Movement(whole, new, changed, len(before), unknown)


def _index(kept: Path | None) -> tuple[dict[int, int], Mapping[str, bool]]:
    """Path → content, each as a number of eight bytes, so that a million files fit; and the extensions that were seen."""
    found: dict[int, int] = {}
    extensions: dict[str, bool] = {}
    for path, content in _files(kept) if kept is not None and kept.is_file() else ():
        found[path_number(path)] = content
        extensions[extension_of(path)] = True
    return found, extensions


def path_number(path: bytes) -> int:
    """Eight bytes of a path's digest."""
    return int.from_bytes(blake2b(path, digest_size=8).digest(), "big")


def _files(manifest: Path) -> Iterator[tuple[bytes, int]]:
    with gzip.open(manifest) if manifest.suffix == ".gz" else manifest.open("rb") as stream:
        _, entries = manifests.read(stream)
        for entry in entries:
            if entry.kind == "file":
                yield entry.path, int(entry.sha256[:16] or "0", 16)
