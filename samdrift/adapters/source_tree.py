"""Source tree: walks and hashes what a backup keeps safe, on the machine where it lies (backup.md B6)."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samdrift.adapters.limits import SIZES
from samdrift.model.backup_run import SourceKind
from samdrift.model.manifest import Entry, EntryKind


@dataclass(slots=True)
class Walk:
    """What a walk could not read, beside what it gave: readable texts `path: why`."""

    unreadable: list[bytes] = field(default_factory=list)


def kind_of(path: str | bytes) -> SourceKind:
    """What stands at a path, links not followed."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return "missing"
    if stat.S_ISLNK(mode):
        return "symlink"
    return "dir" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def entries(root: bytes, walk: Walk, *, exclude: Sequence[str] = (), strip: bytes = b"", only: frozenset[bytes] | None = None) -> Iterator[Entry]:
    """Every entry at and below `root`, sorted by path in each folder; sockets are left out, as restic leaves them out.

    `strip` is taken from the front of each path (a scratch folder). What cannot be read is noted in `walk`. With `only`, just these paths (after stripping) are hashed and given.
    """
    excluded = _excluder(exclude)
    pending = [root]
    while pending:
        path = pending.pop()
        shown = path.removeprefix(strip)
        if excluded(shown) and path != root:
            continue
        try:
            found = os.lstat(path)
            if stat.S_ISDIR(found.st_mode):
                pending.extend(sorted((found.path for found in _within(path)), reverse=True))
            if only is None or shown in only:
                entry = _entry(path, shown, found)
                if entry is not None:
                    yield entry
        except OSError:
            walk.unreadable.append(shown)


def _within(path: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(path) as found:
        return list(found)


def _entry(path: bytes, shown: bytes, found: os.stat_result) -> Entry | None:
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISREG(found.st_mode):
        return Entry(shown, "file", found.st_size, mode, found.st_mtime_ns, _hash(path))
    if stat.S_ISLNK(found.st_mode):
        target = os.fsencode(Path(os.fsdecode(path)).readlink())
        return Entry(shown, "symlink", len(target), mode, found.st_mtime_ns, hashlib.sha256(target).hexdigest())
    kinds: tuple[tuple[Callable[[int], bool], EntryKind], ...] = ((stat.S_ISDIR, "dir"), (stat.S_ISFIFO, "fifo"), (stat.S_ISBLK, "device"), (stat.S_ISCHR, "device"))
    for test, kind in kinds:
        if test(found.st_mode):
            return Entry(shown, kind, 0, mode, found.st_mtime_ns)
    return None


def _hash(path: bytes) -> str:
    found = hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while block := stream.read(SIZES["hash-block"]):
            found.update(block)
    return found.hexdigest()


def _excluder(patterns: Sequence[str]) -> Callable[[bytes], bool]:
    """restic's rule for --exclude: a pattern without a slash holds for any name, one with a leading slash for a whole path."""
    def excluded(path: bytes) -> bool:
        text = os.fsdecode(path)
        name = text.rsplit("/", 1)[1]
        return any(fnmatch.fnmatchcase(text if pattern.startswith("/") else name, pattern) for pattern in patterns)

    return excluded


def fingerprint(path: bytes) -> tuple[int, int, int, int] | None:
    """Size, mtime, ctime (ns) and inode of a path, or None when it is gone: what moves when content does."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
