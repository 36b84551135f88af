"""Restore onto this machine, into a new or empty folder, and write down what came; carried to hosts with the agent (backup.md 4)."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from samdrift.adapters import rest_repository, restic, source_tree
from samdrift.adapters.clock import elapsed_s
from samdrift.model import manifest
from samdrift.model.errors import CouldNotObserve, SamdriftError, WrongUse
from samdrift.model.restore_job import RestoreJob
from samdrift.operations.load_here import load_databases

MARGIN = 64 * 2**20
"""Bytes that must stay free beside what is restored."""


def restore_here(job: RestoreJob) -> tuple[bool, Path]:
    """Whether anything was restored (a folder that is not empty is only looked at), and the file with what lies there now."""
    to, state = Path(job.to), Path(job.state)
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise WrongUse(f"{to} is no folder", help="name a new or empty one; nothing is ever written over")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    empty = not to.exists() or not any(to.iterdir())
    if empty:
        _room(to, job.size_bytes)
        with tempfile.TemporaryDirectory(dir=state, prefix=".restore-") as scratch:
            _restore(job, to, Path(scratch))
    return empty, _written_down(job, to, state)


def _room(to: Path, size: int) -> None:
    there = to
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < size + MARGIN:
        raise CouldNotObserve(f"the restore needs {size + MARGIN} bytes at {to} and {free} are free")


def _restore(job: RestoreJob, to: Path, scratch: Path) -> None:
    certificate = scratch / "ca.pem"
    if job.ca:
        certificate.write_text(job.ca)
    access = restic.Access(job.location, job.password, str(certificate) if job.ca else None, str(scratch / "cache"), read_only=True)
    refusal = rest_repository.probe(job.location, access.ca)
    if refusal is not None:
        raise CouldNotObserve(f"the repository cannot be read from here: {refusal[1]}", help=f"reason {refusal[0]}")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = elapsed_s() + job.limit_seconds
    for snapshot in job.snapshots:
        ended = restic.restore(access, snapshot, to, limit_seconds=max(1.0, until - elapsed_s()))
        if ended.timed_out or ended.code != 0:
            failure = restic.failed(ended)
            raise CouldNotObserve(f"the restore into {to} broke off: {failure.text}", help=f"reason {failure.reason}; remove the folder before the next try")


def _written_down(job: RestoreJob, to: Path, state: Path) -> Path:
    """The manifest of what lies there, its paths as they were at the source."""
    folder = state / "restores"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    into, walk, strip = folder / f"{job.backup}.jsonl", source_tree.Walk(), os.fsencode(to)

    def found() -> Iterator[manifest.Entry]:
        for root in job.roots:
            if os.path.lexists(strip + os.fsencode(root)):
                yield from source_tree.entries(strip + os.fsencode(root), walk, strip=strip)

    into.touch(mode=0o600)
    with into.open("wb") as stream:
        stream.writelines(manifest.write(manifest.ManifestHead(job.backup, job.run, job.roots), found()))
    return into


def main() -> int:
    """The agent's second act: a restore job as JSON on standard input, its account on standard output; 2 for a bad job or folder, 3 when it could not be read."""
    try:
        job = RestoreJob.from_json(json.load(sys.stdin))
        restored, path = restore_here(job)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _told(WrongUse(f"standard input is no restore job: {error!r}"))
    except SamdriftError as error:
        return _told(error)
    account: dict[str, Any] = {
        "backup": job.backup, "run": job.run, "snapshot": job.snapshots[0], "to": job.to, "restored": restored, "found": str(path),
        "databases": [asdict(one) for one in load_databases(job)],
    }  # fmt: skip
    sys.stdout.write(json.dumps(account) + "\n")
    return 0


def _told(error: SamdriftError) -> int:
    sys.stderr.write("\n".join(error.lines()) + "\n")
    return error.exit_code
