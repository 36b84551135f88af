"""restic: the one door to repositories; secrets go through anonymous memory, never through arguments, environment or disk."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from samdrift.adapters.limits import SIZES
from samdrift.adapters.pipe import Piped, Program, pipe
from samdrift.adapters.process import Ended, run
from samdrift.model.backup_run import BackupReason
from samdrift.model.snapshot import StoredSnapshot

QUICK_S = 120
"""Limit of a call that reads only little (listing, config)."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach one repository: `location` is a folder or `rest:https://user:password@host/path/`; both fields may hold secrets."""

    location: str = field(repr=False)
    password: str = field(repr=False)
    ca: str | None = None
    cache: str | None = None
    read_only: bool = False

    @property
    def local(self) -> bool:
        return not self.location.startswith("rest:")


class ResticFailed(Exception):
    """restic did not do it: the reason as classified, and the last line it said."""

    def __init__(self, reason: BackupReason, text: str, code: int | None = None) -> None:
        super().__init__(f"{reason}: {text}")
        self.reason, self.text, self.code = reason, text, code


PATTERNS: tuple[tuple[str, BackupReason], ...] = (
    (r"wrong password or no key found", BackupReason.WRONG_KEY),
    (r"empty password", BackupReason.WRONG_KEY),
    (r"x509:|certificate", BackupReason.CERTIFICATE),
    (r"\(?(401|403)\)?:? (Unauthorized|Forbidden)|response \(40[13]\)|HTTP response \(?40[13]", BackupReason.REFUSED),
    (r"no space left on device|quota exceeded|Insufficient Storage", BackupReason.TARGET_FULL),
    (r"already locked", BackupReason.LOCKED),
    (r"connection refused|no such host|no route to host|network is unreachable|i/o timeout|connection reset|context deadline", BackupReason.UNREACHABLE),
    (r"unable to open config file|Is there a repository at|config.*does not exist|repository does not exist", BackupReason.REPOSITORY_MISSING),
    (
        r"ciphertext verification failed|invalid data returned|repository contains errors|pack .* (does not|contains)|not found in index|does not match id|wrong hash|unexpected EOF|load tree|ReadFull|unable to load index|is damaged|invalid repository|open .*: no such file or directory|: is a directory|Unmarshal: |panic: runtime error",
        BackupReason.REPOSITORY_DAMAGED,
    ),
    (r"permission denied|operation not permitted", BackupReason.REFUSED),
)


HOPELESS = re.compile(r"retrying after .*(unexpected EOF|invalid data|ciphertext|no such file|does not exist|ReadFull|404)")


def classify(stderr: str, timed_out: bool = False) -> BackupReason:
    """The reason behind restic's text; the exit code says nothing (restic 0.14 has 1 for all). Pure."""
    for pattern, reason in PATTERNS:
        if re.search(pattern, stderr, re.IGNORECASE):
            return reason
    return BackupReason.DEADLINE if timed_out else BackupReason.UNCLASSIFIED


@contextmanager
def in_memory(text: str) -> Iterator[int]:
    """A descriptor of anonymous memory that holds a secret while the block runs."""
    descriptor = os.memfd_create("samdrift")
    try:
        os.write(descriptor, text.encode())
        yield descriptor
    finally:
        os.close(descriptor)


def call(
    access: Access,
    arguments: Sequence[str],
    *,
    limit_seconds: float,
    source: Access | None = None,
    on_line: Callable[[str], None] | None = None,
    pass_fds: Sequence[int] = (),
    give_up: Callable[[str], bool] | None = None,
) -> Ended:
    """Run restic on a repository, `source` being what a copy reads from. SIGINT comes first at the limit (B7).

    With `on_line` the lines of output go there and none is kept; `give_up` is asked about each line of its errors.
    """
    with _command(access, arguments, source) as (argv, descriptors):
        kept = 0 if on_line else SIZES["program-output"]
        return run(
            argv, limit_seconds=limit_seconds, env=ENVIRONMENT, stop_signal=signal.SIGINT, pass_fds=[*descriptors, *pass_fds], on_line=on_line, limit_bytes=kept, give_up=give_up
        )


@contextmanager
def _command(access: Access, arguments: Sequence[str], source: Access | None = None) -> Iterator[tuple[list[str], list[int]]]:
    """restic's argument list, and the descriptors that hold its secrets while the block runs."""
    with ExitStack() as stack:
        argv = ["restic"]
        descriptors: list[int] = []

        def secret(option: str, text: str) -> None:
            descriptor = stack.enter_context(in_memory(text))
            descriptors.append(descriptor)
            argv.extend((option, f"/dev/fd/{descriptor}"))

        secret("--repository-file", access.location)
        secret("--password-file", access.password)
        if source is not None:
            secret("--from-repository-file", source.location)
            secret("--from-password-file", source.password)
        certificates = access.ca or (source.ca if source else None)
        argv += ["--cacert", certificates] if certificates else []
        argv += ["--cache-dir", access.cache] if access.cache else ["--no-cache"]
        argv += ["--no-lock"] if access.read_only or (source is not None and source.read_only) else []
        argv += arguments
        yield argv, descriptors


ENVIRONMENT = {"RESTIC_PROGRESS_FPS": "0.016", "HOME": "/nonexistent"}
"""restic's status once a minute; no home, as caches are named."""


def hopeless(line: str) -> bool:
    """Whether restic waits to read again what no waiting mends: it tries ten times, a minute in all, each damaged object."""
    return HOPELESS.search(line) is not None


def require(ended: Ended) -> Ended:
    """The ended process when it ended with 0; ResticFailed with the classified reason otherwise."""
    if ended.code == 0 and not ended.timed_out:
        return ended
    raise failed(ended)


def failed(ended: Ended) -> ResticFailed:
    """What a call that did not end with 0 says."""
    text = ended.stderr.decode("utf-8", "replace")
    return ResticFailed(classify(text, ended.timed_out), _last_line(text), ended.code)


def _last_line(text: str) -> str:
    lines = [_without_secrets(line.strip()) for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("Fatal", "panic: "))]
    return (fatal or lines or ["no word from restic"])[-1][:400]


def _without_secrets(line: str) -> str:
    return re.sub(r"://[^/@\s]+@", "://***@", line)


def version() -> str:
    """`restic 0.14.0`."""
    ended = run(["restic", "version"], limit_seconds=QUICK_S, env=ENVIRONMENT)
    return " ".join(ended.stdout.decode("utf-8", "replace").split()[:2])


def config(access: Access) -> dict[str, Any]:
    """The repository's config: `id` and `chunker_polynomial`; ResticFailed when it cannot be opened."""
    found: dict[str, Any] = json.loads(require(call(access, ["cat", "config", "--json"], limit_seconds=QUICK_S, give_up=hopeless)).stdout)
    return found


def init(access: Access, *, like: Access | None = None) -> None:
    """Make a repository; with `like`, with that one's chunker parameters, so that copies deduplicate (B11)."""
    arguments = ["init", "--quiet"] + (["--copy-chunker-params"] if like else [])
    require(call(access, arguments, limit_seconds=QUICK_S, source=like))


def snapshots(access: Access, *, tag: str | None = None, only: Collection[str] | None = None) -> tuple[StoredSnapshot, ...]:
    """All snapshots, those with a tag or `only` those of these ids, with full ids, oldest first."""
    if only is not None and not only:
        return ()
    arguments = ["snapshots", "--json"] + (["--tag", tag] if tag else []) + sorted(only or ())
    listed = json.loads(require(call(access, arguments, limit_seconds=QUICK_S)).stdout or b"[]") or []
    found = [_stored(one) for one in listed]
    return tuple(sorted(found, key=lambda one: (one.claimed_at, one.id)))


def instant(text: str) -> datetime:
    """A time as Go writes it, nanoseconds cut to microseconds, as UTC."""
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", text)
    return datetime.fromisoformat(shortened).astimezone(UTC)


def backup(
    access: Access, paths: Sequence[str], *, host: str, tags: Sequence[str], exclude: Sequence[str], limit_seconds: float, limit_upload_kib: int | None = None
) -> Ended:  # fmt: skip
    """Back up absolute paths. The caller reads back what came of it; the end is not judged here."""
    arguments = _backup(host, tags, limit_upload_kib)
    for pattern in exclude:
        arguments += ["--exclude", pattern]
    return call(access, [*arguments, "--", *paths], limit_seconds=limit_seconds)


def backup_stream(
    access: Access, path: str, producer: Program, *, parser: Program | None, host: str, tags: Sequence[str], limit_seconds: float, limit_upload_kib: int | None = None
) -> Piped:  # fmt: skip
    """Back up what a program writes, as one file. No snapshot comes to be unless the whole was made and parsed: restic is interrupted before the end of its input."""
    with _command(access, [*_backup(host, tags, limit_upload_kib), "--stdin", "--stdin-filename", path]) as (argv, descriptors):
        return pipe(producer, Program(argv, dict(ENVIRONMENT), tuple(descriptors)), parser=parser, limit_seconds=limit_seconds)


def _backup(host: str, tags: Sequence[str], limit_upload_kib: int | None) -> list[str]:
    arguments = ["backup", "--json", "--host", host]
    for tag in tags:
        arguments += ["--tag", tag]
    return arguments + (["--limit-upload", str(limit_upload_kib)] if limit_upload_kib else [])


def summary(ended: Ended) -> dict[str, Any]:
    """restic's own account of a backup, or {} when it gave none."""
    for line in reversed(ended.stdout.splitlines()):
        if b'"summary"' in line:
            found: dict[str, Any] = json.loads(line)
            return found
    return {}


def listing(access: Access, snapshot: str, take: Callable[[dict[str, Any]], None], *, limit_seconds: float) -> StoredSnapshot:
    """The snapshot of an id (8 digits do) as the repository has it; every node goes to `take` as restic's JSON object, so that a million fit in little memory."""
    heads: list[StoredSnapshot] = []

    def line(text: str) -> None:
        found: dict[str, Any] = json.loads(text)
        if found.get("struct_type") == "node":
            take(found)
        elif found.get("struct_type") == "snapshot":
            heads.append(_stored(found))

    ended = require(call(access, ["ls", "--json", snapshot], limit_seconds=limit_seconds, on_line=line))
    if len(heads) != 1 or not heads[0].id.startswith(snapshot):
        raise ResticFailed(BackupReason.NOT_IN_REPOSITORY, f"the repository gave another snapshot than {snapshot[:12]}", ended.code)
    return heads[0]


def _stored(one: dict[str, Any]) -> StoredSnapshot:
    return StoredSnapshot(one["id"], one.get("original"), instant(one["time"]), tuple(one.get("tags") or ()), tuple(one.get("paths") or ()), one.get("tree") or "")


def copy(access: Access, source: Access, snapshot: str, *, limit_seconds: float, limit_download_kib: int | None = None) -> Ended:
    """Copy one snapshot from `source`; one per call, as one bad pack makes a copy of all end with none."""
    limits = ["--limit-download", str(limit_download_kib)] if limit_download_kib else []
    return call(access, ["copy", *limits, snapshot], limit_seconds=limit_seconds, source=source)


def restore(access: Access, snapshot: str, to: Path, *, include: Sequence[bytes] = (), limit_seconds: float) -> Ended:
    """Restore a snapshot into a folder; `include` are exact paths, whose pattern characters are escaped."""
    arguments = ["restore", snapshot, "--target", str(to)]
    for path in include:
        arguments += ["--include", re.sub(r"([\\*?\[\]])", r"\\\1", os.fsdecode(path))]
    return call(access, arguments, limit_seconds=limit_seconds)


def check(access: Access, *, subset: str | None, full: bool = False, limit_seconds: float, give_up: Callable[[str], bool] | None = None) -> Ended:
    """Check the structure, and with `subset` (`3/28`) or `full` read packs too; `give_up` as in `call`."""
    reading = ["--read-data"] if full else [f"--read-data-subset={subset}"] if subset else []
    return call(access, ["check", *reading], limit_seconds=limit_seconds, give_up=give_up)
