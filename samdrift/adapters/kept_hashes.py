"""Kept hashes: what a walk noted of each path, so that a file that did not move is not read again before its time (backup.md B6)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from samdrift.adapters.source_tree import Fingerprint
from samdrift.model.manifest import PATH_ERRORS, Entry, encode_row

REHASH_S = 28 * 86_400
RACY_NS = 2 * 10**9
"""A file touched so shortly before it was hashed may move again within the same tick of the file system's clock: its hash is not kept."""
EARLIEST, LATEST = 8, 15
"""In sixteenths of the period: when a file is due again, spread by its path so that no night reads all of them."""


@dataclass(frozen=True, slots=True)
class Note:
    """One path as a walk saw it before it read it; `hashed_at` in seconds since 1970, 0 where there is no hash to keep."""

    path: bytes
    kind: str
    print: Fingerprint
    sha256: str = ""
    hashed_at: int = 0

    def line(self) -> bytes:
        """One line of JSON, ASCII only."""
        row = [self.path.decode("utf-8", PATH_ERRORS), self.kind, *self.print, self.sha256, self.hashed_at]
        return encode_row(row)


class Keeper:
    """Beside one walk: gives it the hashes that may be kept from the walk before, and writes its own notes to `into`."""

    def __init__(self, before: Path, into: BinaryIO, at: int, rehash_s: int) -> None:
        self._kept, self._into, self._at = Kept(notes(before), at, rehash_s), into, at
        self._when: dict[bytes, int] = {}

    def kept(self, path: bytes, print_: Fingerprint) -> str | None:
        """The kept hash of a file that did not move and is not due again."""
        found = self._kept.of(path, print_)
        if found is None:
            return None
        self._when[path] = found.hashed_at
        return found.sha256

    def note(self, entry: Entry, print_: Fingerprint) -> None:
        """Write what the walk gave, with the fingerprint from before it was read."""
        self._into.write(note_of(entry, print_, self._at, self._when.pop(entry.path, None)).line())


def note_of(entry: Entry, print_: Fingerprint, at: int, hashed_at: int | None) -> Note:
    """The note of an entry; `hashed_at` None is now, at `at`, if the file was left alone for long enough."""
    if entry.kind != "file":
        return Note(entry.path, entry.kind, print_)
    _, mtime_ns, ctime_ns, _ = print_
    settled = max(mtime_ns, ctime_ns) + RACY_NS < at * 10**9
    return Note(entry.path, entry.kind, print_, entry.sha256, hashed_at if hashed_at is not None else at if settled else 0)


def notes(path: Path) -> Iterator[Note]:
    """The notes of a file, in the walk's order; none when it is not there, and no more from where it is damaged."""
    try:
        stream = path.open("rb")
    except OSError:
        return
    with stream:
        for line in stream:
            try:
                shown, kind, size, mtime_ns, ctime_ns, inode, sha256, hashed_at = json.loads(line.decode("ascii"))
                yield Note(shown.encode("utf-8", PATH_ERRORS), kind, (size, mtime_ns, ctime_ns, inode), sha256, hashed_at)
            except (ValueError, TypeError, AttributeError):
                return


@dataclass(slots=True)
class Kept:
    """The hashes of the walk before, read in step with the walk that goes on: both go through paths in the same order, so that a million files need no memory."""

    before: Iterator[Note]
    at: int
    rehash_s: int = REHASH_S
    _next: Note | None = field(init=False, default=None)
    _place: list[bytes] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._step()

    def _step(self) -> None:
        self._next = next(self.before, None)
        self._place = self._next.path.split(b"/") if self._next is not None else []

    def of(self, path: bytes, print_: Fingerprint) -> Note | None:
        """The note of an unchanged file whose hash is kept and not yet due again."""
        place = path.split(b"/")
        while self._next is not None and self._place < place:
            self._step()
        note = self._next
        if note is None or note.path != path or note.kind != "file" or note.print != print_ or not 0 < note.hashed_at <= self.at:
            return None
        return note if self.at - note.hashed_at < due_after_s(path, self.rehash_s) else None


def due_after_s(path: bytes, rehash_s: int) -> int:
    """Seconds after which a file is hashed anew: between a half and fifteen sixteenths of the period.

    >>> 14 * 86_400 <= due_after_s(b"/srv/a", 28 * 86_400) < 26.25 * 86_400
    True
    """
    return rehash_s * EARLIEST // 16 + zlib.crc32(path) * (rehash_s * (LATEST - EARLIEST) // 16) // 2**32
