"""Judgement of a run by what was read back, never by an exit code (backup.md B5, F9-F12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from samdrift.model.backup_run import BackupReason, RunFacts, SourceFacts
from samdrift.model.run import Outcome
from samdrift.model.snapshot import SnapshotState

HISTORY = 7
"""How many usable runs the median is taken of."""


@dataclass(frozen=True, slots=True)
class Past:
    """Files and bytes of an earlier usable run."""

    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """Outcome, its reasons in the order found, and a sentence for each."""

    outcome: Outcome
    reasons: tuple[BackupReason, ...]
    sentences: tuple[str, ...]

    @property
    def snapshot_state(self) -> SnapshotState:
        """What the run's snapshot counts as; only `usable` moves a recovery point."""
        if BackupReason.ANOMALY in self.reasons and self.outcome is not Outcome.FAILED:
            return "suspect"
        return {Outcome.OK: "usable", Outcome.PARTIAL: "partial"}.get(self.outcome, "unusable")  # type: ignore[return-value]


def judge_run(facts: RunFacts, usable: Sequence[Past]) -> RunVerdict:
    """The verdict on a run; `usable` are earlier usable runs, the newest first."""
    failed, partial = _sources(facts)
    _dumps(facts, failed, partial)
    if facts.failure is not None:
        failed.insert(0, (facts.failure, facts.failure_text or f"restic ended with {facts.engine_code}"))
    elif facts.snapshot is None or not facts.tagged:
        if not failed:
            failed.append((BackupReason.NOT_IN_REPOSITORY, "the repository lists no snapshot that carries this run's id"))
    else:
        _content(facts, usable, failed, partial)
    notices = [(BackupReason.HOOK_FAILED, text) for text in facts.hooks_failed]
    found = failed + partial + notices
    outcome = Outcome.FAILED if failed else Outcome.PARTIAL if partial else Outcome.OK
    return RunVerdict(outcome, tuple(dict.fromkeys(reason for reason, _ in found)), tuple(text for _, text in found))


def _dumps(facts: RunFacts, failed: Found, partial: Found) -> None:
    """A dump that failed leaves no snapshot; what else was backed up is kept, and the run is no recovery point."""
    bad = [one for one in facts.dumps if one.failure]
    where = partial if facts.snapshot is not None else failed
    where += [(BackupReason.DUMP_FAILED, one.failure) for one in bad]


Found = list[tuple[BackupReason, str]]


def _sources(facts: RunFacts) -> tuple[Found, Found]:
    failed: Found = []
    partial: Found = []
    gone = [source for source in facts.sources if source.kind in {"missing", "other"}]
    for source in facts.sources:
        if source.kind == "symlink":
            failed.append((BackupReason.SOURCE_IS_LINK, f"{source.path} is a symbolic link: restic stores the link, not what it points to"))
        elif source.kind not in {"missing", "other"} and (source.sentinel_before is False or source.sentinel_after is False):
            failed.append((BackupReason.SOURCE_EMPTY, f"{source.path} is not mounted: its sentinel is not there"))
    for source in gone:
        (failed if len(gone) == len(facts.sources) else partial).append((BackupReason.SOURCE_MISSING, f"{source.path} is not there"))
    return failed, partial


def _content(facts: RunFacts, usable: Sequence[Past], failed: Found, partial: Found) -> None:
    for source in facts.sources:
        if source.kind in {"dir", "file"}:
            _stored(source, facts, failed, partial)
    files, size = totals(facts)
    if not (files and size) and not failed:
        failed.append((BackupReason.SOURCE_EMPTY, f"the snapshot holds {files} files and {size} bytes"))
    if facts.unreadable:
        partial.append((BackupReason.SOURCE_UNREADABLE, f"{len(facts.unreadable)} could not be read, the first is {facts.unreadable[0]}"))
    if usable and not failed:
        _shrunk(files, size, usable[:HISTORY], partial)
    if facts.engine_code not in {0, 3} and not failed:
        failed.append((BackupReason.UNCLASSIFIED, f"restic ended with {facts.engine_code}: {facts.failure_text}"))


def _stored(source: SourceFacts, facts: RunFacts, failed: Found, partial: Found) -> None:
    if source.stored_kind != source.kind:
        failed.append((BackupReason.NOT_IN_REPOSITORY, f"{source.path} was a {source.kind} and is stored as {source.stored_kind}"))
    elif not source.stored_files and any(other.stored_files for other in facts.sources):
        partial.append((BackupReason.SOURCE_EMPTY, f"{source.path} holds no files"))


def _shrunk(files: int, size: int, past: Sequence[Past], partial: Found) -> None:
    usual_files, usual_size = median_low(one.files for one in past), median_low(one.size_bytes for one in past)
    if 2 * files < usual_files or 2 * size < usual_size:
        partial.append((BackupReason.SOURCE_SHRUNK, f"{files} files and {size} bytes are less than half of the usual {usual_files} and {usual_size}"))


def totals(facts: RunFacts) -> tuple[int, int]:
    """Files and bytes of the declared paths and dumps in the run's snapshots."""
    dumps = [one.size_bytes for one in facts.dumps if not one.failure]
    return sum(source.stored_files for source in facts.sources) + len(dumps), sum(source.stored_bytes for source in facts.sources) + sum(dumps)
