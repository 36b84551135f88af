"""Back up what lies on this machine: manifest, restic, reading back; also the whole of the agent that a playbook carries to a host (backup.md B5-B7)."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from samdrift.adapters import file_samples, kept_hashes, rest_repository, restic, source_tree
from samdrift.adapters.clock import elapsed_s, now
from samdrift.model import manifest
from samdrift.model.backup_job import BackupJob, JobSource
from samdrift.model.backup_run import BackupReason, RunFacts, SourceFacts
from samdrift.model.database import DumpFacts
from samdrift.model.errors import LockHeld, SamdriftError, WrongUse
from samdrift.operations.dump_here import Dumper, read_dumps_back
from samdrift.operations.read_back import read_back, readable
from samdrift.operations.run_hooks import run_hooks

KEPT_MANIFESTS = 2
"""How many manifests of a backup stay on the host; the store and the repository keep all."""
SHA256_DIGITS = 64
TAKES_NOTHING = frozenset({BackupReason.REFUSED, BackupReason.UNCLASSIFIED, BackupReason.DEADLINE})
"""What a client is told by a target whose disk is full (F1)."""


def back_up_here(job: BackupJob) -> tuple[RunFacts, Path | None]:
    """Carry out a job; gives what was seen and the manifest's file. LockHeld when another run of the same backup goes on."""
    state = Path(job.state)
    folder = state / "manifests" / job.backup
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(state / "manifests" / f".{job.backup}.lock", job.backup):
        for old in sorted((path for path in folder.glob("*.jsonl") if path.name != "manifest.jsonl"), key=lambda path: path.stat().st_mtime)[:-KEPT_MANIFESTS]:
            old.unlink()
        with tempfile.TemporaryDirectory(dir=state, prefix=".run-") as scratch:
            return _run(job, folder / f"{job.run}.jsonl", Path(scratch))


@contextmanager
def _only_one(path: Path, backup: str) -> Iterator[None]:
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeld(f"another run of backup {backup} goes on", help="wait for it, or see samdrift backup status") from None
        yield


def _run(job: BackupJob, into: Path, scratch: Path) -> tuple[RunFacts, Path | None]:
    """The run between its hooks: `before` must hold, `after` runs always, `on_error` when there is no snapshot to show."""
    started = now()
    facts = RunFacts(job.backup, job.run, started, started, restic.version(), ())
    failed = run_hooks(job.hooks.before, limit_seconds=job.hooks.limit_seconds, until_one_fails=True)
    path = None
    if failed:
        facts = replace(facts, failure=BackupReason.HOOK_FAILED, failure_text=failed[0], sources=tuple(_before(source) for source in job.sources))
    else:
        facts, path = _carry_out(job, facts, into, scratch)
    bad = facts.snapshot is None or facts.failure is not None or any(one.failure for one in facts.dumps)
    later = (*job.hooks.after, *(job.hooks.on_error if bad else ()))
    told = run_hooks(later, limit_seconds=job.hooks.limit_seconds, until_one_fails=False)
    return replace(facts, ended_at=now(), hooks_failed=told), path


def _carry_out(job: BackupJob, facts: RunFacts, into: Path, scratch: Path) -> tuple[RunFacts, Path | None]:
    until = elapsed_s() + job.limit_seconds
    facts = replace(facts, sources=tuple(_before(source) for source in job.sources))
    access = _access(job, scratch)
    refusal = rest_repository.probe(job.location, access.ca) or _another(job, access)
    if refusal is not None:
        return replace(facts, failure=refusal[0], failure_text=refusal[1]), None
    there = any(source.kind in {"dir", "file"} and source.sentinel_before is not False for source in facts.sources)
    if not there and not job.dumps:
        return facts, None
    path: Path | None = None
    dumper = Dumper(job, access, into.parent, until)
    try:
        for wanted in job.dumps:
            facts = replace(facts, dumps=(*facts.dumps, dumper.dump(wanted)))
        made = [dumper.roles(wanted) for wanted, dump in zip(job.dumps, facts.dumps, strict=True) if wanted.kind == "postgres" and not dump.failure]
        if not there and any(one.failure for one in facts.dumps):
            return facts, None  # nothing but a stump: no snapshot comes to be
        facts = _manifest(job, facts, into)
        facts = replace(facts, samples=file_samples.sample_files(into, _manifest_before(into), job.run))
        path = into
        facts = _back_up(job, facts, access, _same_name(into), made, until)
        if facts.snapshot is not None:
            facts = read_back(facts, access, kept_hashes.notes(notes_of(into)), _same_name(into))
            facts = replace(facts, dumps=read_dumps_back(access, job.run, facts.dumps)) if facts.dumps else facts
    except restic.ResticFailed as failure:
        facts = replace(facts, failure=failure.reason, failure_text=failure.text, engine_code=failure.code, snapshot=_whole(facts.snapshot))
    finally:
        for left in into.parent.glob("*.roles.sql"):
            left.unlink()
    after = tuple(replace(source, sentinel_after=_sentinel(wanted)) for source, wanted in zip(facts.sources, job.sources, strict=True))
    return _told_apart(replace(facts, sources=after), access), path


def _another(job: BackupJob, access: restic.Access) -> tuple[BackupReason, str] | None:
    """Nothing is written into a repository that is not the one that stood there (F17)."""
    identity = rest_repository.identity(access.location, access.ca) if job.identity else ""
    if identity and identity != job.identity:
        try:
            restic.config(access)
        except restic.ResticFailed as failure:
            if failure.reason is BackupReason.REPOSITORY_DAMAGED:
                return failure.reason, f"config is damaged: {failure.text}"
        return BackupReason.REPOSITORY_CHANGED, f"the repository is {identity[:12]} and was {job.identity[:12]}"
    return None


def _manifest_before(into: Path) -> Path | None:
    """The newest manifest of an earlier run that is still on this host."""
    kept = (path for path in into.parent.glob("*.jsonl") if path not in {into, _same_name(into)})
    return max(kept, key=lambda path: path.stat().st_mtime, default=None)


def _same_name(manifest: Path) -> Path:
    """The manifest under the name that it bears in every snapshot: restic finds a run's predecessor by its paths, and reads only what changed since."""
    return manifest.parent / "manifest.jsonl"


def _told_apart(facts: RunFacts, access: restic.Access) -> RunFacts:
    """restic says the same of a wrong key and of no key at all (F6), and "403" of a full disk (F1): told apart by looking."""
    if facts.failure is BackupReason.WRONG_KEY and rest_repository.has_keys(access.location, access.ca) is False:
        return replace(facts, failure=BackupReason.KEYS_MISSING, failure_text="the repository holds no key at all")
    if facts.failure is BackupReason.WRONG_KEY and (bad := _damaged_keys(access)):
        return replace(facts, failure=BackupReason.REPOSITORY_DAMAGED, failure_text=f"keys/{bad[0][:12]} is damaged, so that nothing opens the repository")
    if facts.failure in TAKES_NOTHING and rest_repository.takes_nothing(access.location, access.ca):
        return replace(facts, failure=BackupReason.TARGET_FULL, failure_text=f"the target can be read and takes nothing more: {facts.failure_text}")
    return facts


def _damaged_keys(access: restic.Access) -> tuple[str, ...]:
    try:
        there = rest_repository.objects(access.location, access.ca).get("keys", {}) if not access.local else [path.name for path in Path(access.location, "keys").glob("*")]
    except (OSError, ValueError):
        return ()
    return rest_repository.damaged_keys(access.location, access.ca, [key for key in there if len(key) == SHA256_DIGITS])


def _access(job: BackupJob, scratch: Path) -> restic.Access:
    certificate = None
    if job.ca:
        certificate = scratch / "ca.pem"
        certificate.write_text(job.ca)
    cache = Path(job.state) / "cache" / job.backup
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    return restic.Access(job.location, job.password, str(certificate) if certificate else None, str(cache))


def _before(source: JobSource) -> SourceFacts:
    return SourceFacts(source.path, source_tree.kind_of(source.path), _sentinel(source))


def _sentinel(source: JobSource) -> bool | None:
    return None if source.sentinel is None else (Path(source.path) / source.sentinel).exists()


def _real(job: BackupJob, facts: RunFacts) -> list[JobSource]:
    """The sources that restic is given: what is there, links too, as a link is told by reading it back."""
    return [wanted for wanted, seen in zip(job.sources, facts.sources, strict=True) if seen.kind in {"dir", "file"}]


def _whole(snapshot: str | None) -> str | None:
    """A full id; what restic only told in 8 digits was never read back."""
    return snapshot if snapshot and len(snapshot) == 64 else None


def _in_order(job: BackupJob, facts: RunFacts) -> list[JobSource]:
    """The sources as restic lists them: by their paths' parts, and none that lies in another."""
    found: list[JobSource] = []
    for source in sorted(_real(job, facts), key=lambda one: Path(one.path).parts):
        if not found or not Path(source.path).is_relative_to(found[-1].path):
            found.append(source)
    return found


def _manifest(job: BackupJob, facts: RunFacts, into: Path) -> RunFacts:
    """Walk the sources into `into`, and note beside it what each path was before it was read."""
    kept, made = notes_of(into), notes_of(into).with_suffix(".new")
    made.touch(mode=0o600)
    with made.open("wb") as stream:
        keeper = kept_hashes.Keeper(kept, stream, int(facts.started_at.timestamp()), job.rehash_seconds)
        facts = _walked(job, facts, into, source_tree.Walk(kept=keeper.kept, note=keeper.note))
    made.replace(kept)
    return facts


def notes_of(manifest: Path) -> Path:
    """Where a backup's notes of its last walk lie."""
    return manifest.parent / "kept.hashes"


def _walked(job: BackupJob, facts: RunFacts, into: Path, walk: source_tree.Walk) -> RunFacts:
    files = size = 0

    def found() -> Iterator[manifest.Entry]:
        nonlocal files, size
        for source in _in_order(job, facts):
            for entry in source_tree.entries(os.fsencode(source.path), walk, exclude=source.exclude):
                files += entry.kind == "file"
                size += entry.size if entry.kind == "file" else 0
                yield entry

    dumped = tuple(one for one in facts.dumps if not one.failure)
    head = manifest.ManifestHead(job.backup, job.run, tuple(source.path for source in _real(job, facts)), dumped)
    into.touch(mode=0o600)
    with into.open("wb") as stream:
        digest = manifest.digest(_tee(manifest.write(head, chain(found(), map(_entry, dumped))), stream))
        stream.flush()
        os.fsync(stream.fileno())
    _same_name(into).unlink(missing_ok=True)
    os.link(into, _same_name(into))
    unreadable = tuple(readable(path) for path in walk.unreadable)
    return replace(facts, manifest_sha256=digest, manifest_files=files, manifest_bytes=size, unreadable=unreadable)


def _entry(dump: DumpFacts) -> manifest.Entry:
    return manifest.Entry(os.fsencode(dump.path), "dump", dump.size_bytes, 0, 0, dump.sha256)


def _tee(lines: Iterator[bytes], stream: BinaryIO) -> Iterator[bytes]:
    for line in lines:
        stream.write(line)
        yield line


def _back_up(job: BackupJob, facts: RunFacts, access: restic.Access, into: Path, beside: Sequence[Path], until: float) -> RunFacts:
    real = _real(job, facts)
    exclude = tuple(dict.fromkeys(pattern for source in real for pattern in source.exclude))
    paths = [source.path for source in real] + [str(path) for path in (into, *beside)]
    tags = (f"run={job.run}", f"backup={job.backup}")
    ended = restic.backup(
        access, paths, host=job.host, tags=tags, exclude=exclude, limit_seconds=max(1.0, until - elapsed_s()), limit_upload_kib=job.limit_upload_kib
    )  # fmt: skip
    told = restic.summary(ended)
    new, changed = _without_ours(told.get("files_new", 0), told.get("files_changed", 0), 1 + len(beside))
    facts = replace(facts, engine_code=ended.code, files_new=new, files_changed=changed, added_bytes=told.get("data_added", 0))
    if ended.code not in {0, 3} or ended.timed_out:
        failure = restic.failed(ended)
        return replace(facts, failure=failure.reason, failure_text=failure.text)
    facts = replace(facts, repository_id=rest_repository.identity(access.location, access.ca))
    told_id = str(told.get("snapshot_id") or "")
    if told_id:
        return replace(facts, snapshot=told_id)
    mine = [one for one in restic.snapshots(access, tag=f"run={job.run}") if one.tag("backup") == job.backup and not one.tag("part")]
    return replace(facts, snapshot=mine[0].id) if len(mine) == 1 else facts


def _without_ours(new: int, changed: int, ours: int) -> tuple[int, int]:
    """restic's counts without the manifest and roles, which are new in the first run and changed in every later one."""
    among = min(ours, changed)
    return max(0, new - (ours - among)), changed - among


def main() -> int:
    """The agent: a job as JSON on standard input, its account as JSON on standard output; 2 for a bad job, 75 (and no facts) when another run goes on."""
    try:
        job = BackupJob.from_json(json.load(sys.stdin))
    except (ValueError, KeyError, TypeError) as error:
        return _told(WrongUse(f"standard input is no backup job: {error!r}"))
    account: dict[str, Any] = {"backup": job.backup, "run": job.run, "facts": None, "manifest": None}
    try:
        facts, path = back_up_here(job)
    except LockHeld as error:
        sys.stdout.write(json.dumps(account) + "\n")
        return _told(error)
    except SamdriftError as error:
        return _told(error)
    account |= {"facts": facts.to_json(), "manifest": str(path) if path else None}
    sys.stdout.write(json.dumps(account) + "\n")
    return 0


def _told(error: SamdriftError) -> int:
    sys.stderr.write("\n".join(error.lines()) + "\n")
    return error.exit_code
