"""Repository files: the storage host's own look at a repository, without any key (backup.md B14, B19)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from samdrift.adapters.limits import SIZES

FOLDERS = ("data", "index", "keys", "locks", "snapshots")

@dataclass(frozen=True, slots=True)
class Scanned:
    """What a keyless scan found: objects whose content is not what their name says, by path below the repository."""

    objects: int
    size_bytes: int
    mismatched: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def objects(root: Path) -> dict[str, dict[str, int]]:
    """Folder → name → bytes of every object; `config` stands in the folder "". An empty mapping when there is no repository."""
    found: dict[str, dict[str, int]] = {folder: {path.name: size for path, size in _files(root / folder)} for folder in FOLDERS if (root / folder).is_dir()}
    if (root / "config").is_file():
        found[""] = {"config": (root / "config").stat().st_size}
    return found


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent) / name
            yield path, path.lstat().st_size


def scan(root: Path) -> Scanned:
    """Hash every object but config and compare with its name (restic names objects by SHA-256 of what lies on disk)."""
    count = size = 0
    mismatched, unreadable = [], []
    for folder in FOLDERS:
        for path, length in _files(root / folder):
            count, size = count + 1, size + length
            below = path.relative_to(root).as_posix()
            try:
                if hash_of(path) != path.name:
                    mismatched.append(below)
            except OSError:
                unreadable.append(below)
    return Scanned(count, size, tuple(mismatched), tuple(unreadable))


def hash_of(path: Path) -> str:
    """Hex SHA-256 of a file; OSError when it cannot be read."""
    with path.open("rb", buffering=0) as stream:
        found = hashlib.sha256()
        while block := stream.read(SIZES["hash-block"]):
            found.update(block)
    return found.hexdigest()


def arrival(root: Path, snapshot: str) -> datetime | None:
    """When a snapshot's file came to the storage (its file time), or None when it is not there."""
    try:
        return datetime.fromtimestamp((root / "snapshots" / snapshot).stat().st_mtime, tz=UTC)
    except OSError:
        return None
