"""Manifest: what a source held when it was backed up, entry by entry, exact to the byte of every name (backup.md B6, F25)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from samdrift.model.database import DumpFacts

EntryKind = Literal["file", "dir", "symlink", "fifo", "device", "dump"]
KINDS: tuple[EntryKind, ...] = ("file", "dir", "symlink", "fifo", "device", "dump")
"""A dump came through a pipe: it has size and content, and no mode or time of its own."""
VERSION = 1
PATH_ERRORS = "surrogateescape"
"""Names that are not UTF-8 go through text as lone surrogates, which JSON escapes and gives back exactly (PEP 383)."""


_TERSE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def encode_row(row: Sequence[object]) -> bytes:
    """A row as one line of JSON, ASCII only; a million of them are written in a run."""
    return _TERSE.encode(row).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path. `size` bytes of a file or of a link's text, `mode` the twelve permission bits, `sha256` of content or link's text; a directory has neither."""

    path: bytes
    kind: EntryKind
    size: int
    mode: int
    mtime_ns: int
    sha256: str = ""

    def line(self) -> bytes:
        r"""One line of JSON, ASCII only.

        >>> Entry(b"/srv/a\xff", "dir", 0, 0o755, 0).line()
        b'["/srv/a\\udcff","dir",0,493,0,""]\n'
        """
        row = [self.path.decode("utf-8", PATH_ERRORS), self.kind, self.size, self.mode, self.mtime_ns, self.sha256]
        return encode_row(row)


@dataclass(frozen=True, slots=True)
class ManifestHead:
    """The first line: which backup and run, the declared paths, and what the dumps' transactions saw."""

    backup: str
    run: str
    paths: tuple[str, ...]
    dumps: tuple[DumpFacts, ...] = ()

    def line(self) -> bytes:
        head: dict[str, object] = {"schema": "samdrift/manifest", "version": VERSION, "backup": self.backup, "run": self.run, "paths": list(self.paths)}
        if self.dumps:
            head["dumps"] = [one.to_json() for one in self.dumps]
        return json.dumps(head, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def write(head: ManifestHead, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The manifest's lines; its digest is the SHA-256 of all of them together."""
    yield head.line()
    for entry in entries:
        yield entry.line()


def read(lines: Iterable[bytes]) -> tuple[ManifestHead, Iterator[Entry]]:
    """Head and entries of a manifest's lines; ValueError says what is wrong, also while the entries are read."""
    rest = iter(lines)
    head = _head(next(rest, b""))
    return head, (_entry(number, line) for number, line in enumerate(rest, start=2))


def _head(line: bytes) -> ManifestHead:
    try:
        found = json.loads(line)
        if found["schema"] != "samdrift/manifest" or found["version"] != VERSION:
            raise ValueError("another schema or version")
        dumps = tuple(DumpFacts.from_json(one) for one in found.get("dumps", ()))
        return ManifestHead(str(found["backup"]), str(found["run"]), tuple(map(str, found["paths"])), dumps)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"line 1 is no head of a manifest: {error}") from None


def _entry(number: int, line: bytes) -> Entry:
    try:
        path, kind, size, mode, mtime_ns, sha256 = json.loads(line.decode("ascii"))
        if kind not in KINDS or not all(type(value) is int for value in (size, mode, mtime_ns)):
            raise ValueError("wrong kind or number")
        return Entry(path.encode("utf-8", PATH_ERRORS), kind, size, mode, mtime_ns, str(sha256))
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"line {number} is no entry of a manifest: {error}") from None


def digest(lines: Iterable[bytes]) -> str:
    """Hex SHA-256 of a manifest's lines."""
    found = hashlib.sha256()
    for line in lines:
        found.update(line)
    return found.hexdigest()
