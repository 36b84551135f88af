"""File samples: entropy and first bytes of a few new or changed files, read where they lie (backup.md B16)."""

from __future__ import annotations

import hashlib
import heapq
import json
import os
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

from samdrift.model.anomaly import FileSample
from samdrift.model.manifest import PATH_ERRORS

EXTENSIONS, EACH = 24, 8
"""At most so many extensions, those with the most new or changed files, and so many files of each."""
BLOCK = 32 * 1024
"""Bytes read at the beginning and in the middle of a file: who encrypts only parts of it is seen too."""
MAGIC: dict[str, tuple[bytes, ...]] = {
    ".7z": (b"7z\xbc\xaf\x27\x1c",), ".bz2": (b"BZh",), ".docx": (b"PK",), ".gif": (b"GIF8",), ".gz": (b"\x1f\x8b",), ".jar": (b"PK",),
    ".jpeg": (b"\xff\xd8\xff",), ".jpg": (b"\xff\xd8\xff",), ".odt": (b"PK",), ".pdf": (b"%PDF",), ".png": (b"\x89PNG",), ".pptx": (b"PK",),
    ".tif": (b"II*\x00", b"MM\x00*"), ".tiff": (b"II*\x00", b"MM\x00*"), ".xlsx": (b"PK",), ".xz": (b"\xfd7zXZ",), ".zip": (b"PK",), ".zst": (b"\x28\xb5\x2f\xfd",),
}  # fmt: skip
"""Extension → how such a file begins."""


def sample_files(manifest: Path, before: Path | None, seed: str) -> tuple[FileSample, ...]:
    """Samples by extension of what is new or changed in a manifest since the one before (all, when there is none); the same files for the same seed.

    What cannot be read or is empty is left out. Memory: eight bytes for each line of the manifest before.
    """
    known = _lines(before)
    drawn: dict[str, list[tuple[bytes, bytes]]] = defaultdict(list)
    counted: Counter[str] = Counter()
    for line in _entries(manifest):
        if _is_in(known, _number(line)):
            continue
        path, kind, size, *_ = json.loads(line)
        if kind != "file" or not size:
            continue
        name = path.encode("utf-8", PATH_ERRORS)
        extension = extension_of(name)
        counted[extension] += 1
        ticket = hashlib.blake2b(seed.encode() + b"\0" + name, digest_size=8).digest()
        keep = heapq.heappush if len(drawn[extension]) < EACH else heapq.heappushpop
        keep(drawn[extension], (ticket, name))
    found = (_sample(extension, [name for _, name in drawn[extension]]) for extension, _ in sorted(counted.most_common(EXTENSIONS)))
    return tuple(one for one in found if one is not None)


def extension_of(path: bytes) -> str:
    """The extension in small letters with its dot, at most 16 signs; empty for none.

    >>> extension_of(b"/srv/a/Bild.JPG"), extension_of(b"/srv/.profile"), extension_of(b"/srv/tar.d/fil")
    ('.jpg', '', '')
    """
    _, dot, last = path.rpartition(b"/")[2].lstrip(b".").rpartition(b".")
    return f".{last.decode('ascii', 'replace').lower()[:15]}" if dot else ""


def _entries(manifest: Path) -> Iterator[bytes]:
    """The manifest's lines but its head."""
    with manifest.open("rb") as stream:
        next(stream, None)
        yield from stream


def _lines(manifest: Path | None) -> array[int]:
    return array("Q", sorted(map(_number, _entries(manifest)))) if manifest is not None else array("Q")


def _number(line: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "big")


def _is_in(known: array[int], number: int) -> bool:
    place = bisect_left(known, number)
    return place < len(known) and known[place] == number


def _sample(extension: str, paths: list[bytes]) -> FileSample | None:
    beginnings = [found for path in paths if (found := _read(path))]
    if not beginnings:
        return None
    wanted = MAGIC.get(extension, ())
    right = sum(found.startswith(wanted) for found in beginnings) if wanted else 0
    mean = sum(entropy_millibits(found) for found in beginnings) // len(beginnings)
    return FileSample(extension, len(beginnings), mean, len(beginnings) if wanted else 0, right)


def _read(path: bytes) -> bytes:
    """The file's first block and one from its middle; nothing when it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        try:
            first, size = stream.read(BLOCK), os.fstat(descriptor).st_size
            return first + (os.pread(descriptor, BLOCK, size // 2) if size > 2 * BLOCK else b"")
        except OSError:
            return b""


def entropy_millibits(data: bytes) -> int:
    """Shannon's entropy in thousandths of a bit a byte, 0 to 8000.

    >>> entropy_millibits(bytes(range(256)) * 4), entropy_millibits(b"aaaa")
    (8000, 0)
    """
    whole = len(data)
    return round(1000 * -sum(count / whole * log2(count / whole) for count in Counter(data).values())) + 0
