"""Source tree: walks and hashes what a backup keeps safe, on the machine where it lies (backup.md B6)."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from samdrift.adapters.limits import SIZES
from samdrift.model.backup_run import SourceKind
from samdrift.model.manifest import Entry, EntryKind

Fingerprint = tuple[int, int, int, int]
"""Size, mtime, ctime (ns) and inode: what moves when content does."""
HASHERS = 2
AHEAD = 32
"""Threads that hash, and how many entries may wait for the one before them."""


@dataclass(slots=True)
class Walk:
    """What a walk noted beside what it gave: paths that could not be read. `kept` gives the hash of a file that need not be read again; `note` is told of each entry and its fingerprint from before it was read."""

    unreadable: list[bytes] = field(default_factory=list)
    kept: Callable[[bytes, Fingerprint], str | None] | None = None
    note: Callable[[Entry, Fingerprint], None] | None = None


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
    Large files are hashed ahead by a few threads, the order stays.
    """
    with ThreadPoolExecutor(HASHERS) as hashers:
        ahead: deque[tuple[bytes, os.stat_result, Future[Entry | None] | Entry | None]] = deque()
        for path, shown, found in _paths(root, walk, _excluder(exclude), strip):
            if only is None or shown in only:
                kept = walk.kept(shown, _print(found)) if walk.kept is not None and stat.S_ISREG(found.st_mode) else None
                large = kept is None and stat.S_ISREG(found.st_mode) and found.st_size >= SIZES["hash-block"]
                ahead.append((shown, found, hashers.submit(_entry, path, shown, found) if large else _noted(walk, shown, partial(_entry, path, shown, found, kept))))
            while len(ahead) > AHEAD:
                yield from _given(walk, *ahead.popleft())
        while ahead:
            yield from _given(walk, *ahead.popleft())


def _given(walk: Walk, shown: bytes, found: os.stat_result, made: Future[Entry | None] | Entry | None) -> Iterator[Entry]:
    entry = _noted(walk, shown, made.result) if isinstance(made, Future) else made
    if entry is not None:
        if walk.note is not None:
            walk.note(entry, _print(found))
        yield entry


def _noted(walk: Walk, shown: bytes, make: Callable[[], Entry | None]) -> Entry | None:
    try:
        return make()
    except OSError:
        walk.unreadable.append(shown)
        return None


def _paths(root: bytes, walk: Walk, excluded: Callable[[bytes], bool], strip: bytes) -> Iterator[tuple[bytes, bytes, os.stat_result]]:
    """(path, path shown, what lstat says), folders before what is in them."""
    pending = [root]
    while pending:
        path = pending.pop()
        shown = path.removeprefix(strip)
        if path != root and excluded(shown):
            continue
        try:
            found = os.lstat(path)
            if stat.S_ISDIR(found.st_mode):
                pending.extend(sorted(_within(path), reverse=True))
        except OSError:
            walk.unreadable.append(shown)
            continue
        yield path, shown, found


def _within(path: bytes) -> list[bytes]:
    with os.scandir(path) as found:
        return [inner.path for inner in found]


def _entry(path: bytes, shown: bytes, found: os.stat_result, kept: str | None = None) -> Entry | None:
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISREG(found.st_mode):
        return Entry(shown, "file", found.st_size, mode, found.st_mtime_ns, kept or _hash(path))
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


def fingerprint(path: bytes) -> Fingerprint | None:
    """The fingerprint of a path now, or None when it is gone."""
    try:
        return _print(os.lstat(path))
    except OSError:
        return None


def _print(found: os.stat_result) -> Fingerprint:
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
