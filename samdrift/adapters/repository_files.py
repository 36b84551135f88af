"""Repository files: the storage host's own look at a repository, without any key (backup.md B14, B19)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from samdrift.adapters.clock import now
from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.errors import SamdriftError

FOLDERS = ("data", "index", "keys", "locks", "snapshots")
SETTLED_S = 2.0
SETTLES = 30
"""A file that was written to within so many seconds is waited for, so many times."""
NAME = re.compile(r"[0-9a-f]{64}")

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
    if os.path.lexists(root / "config"):
        found[""] = {"config": (root / "config").lstat().st_size}
    return found


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every file below a folder with its bytes, and each folder that lies where an object should."""
    for parent, folders, names in os.walk(folder):
        instead = [name for name in folders if NAME.fullmatch(name)]
        folders[:] = sorted(set(folders) - set(instead))
        for name in sorted((*names, *instead)):
            path = Path(parent) / name
            yield path, path.lstat().st_size


def scan(root: Path, folders: Sequence[str] = FOLDERS) -> Scanned:
    """Hash every object of these folders, but config, and compare with its name (restic names objects by SHA-256 of what lies on disk). A link is no object: no endpoint serves it."""
    count = size = 0
    mismatched, unreadable = [], []
    for folder in folders:
        for path, length in _files(root / folder):
            count, size = count + 1, size + length
            if not NAME.fullmatch(path.name):
                continue  # no object at all: `strange` names it
            below = path.relative_to(root).as_posix()
            try:
                if path.is_symlink() or (hash_of(path) != path.name and (not settle(path) or hash_of(path) != path.name)):
                    mismatched.append(below)
            except OSError:
                unreadable.append(below)
    return Scanned(count, size, tuple(mismatched), tuple(unreadable))


def settle(path: Path) -> bool:
    """Wait until a file that is perhaps still being received is left alone; True when that took a while, so that it is worth reading again."""
    waited = False
    for _ in range(SETTLES):
        young = path.stat().st_mtime + SETTLED_S - now().timestamp()
        if not 0 < young <= SETTLED_S:
            break
        waited = True
        time.sleep(young)
    return waited


def hash_of(path: Path) -> str:
    """Hex SHA-256 of a file; OSError when it cannot be read."""
    with path.open("rb", buffering=0) as stream:
        found = hashlib.sha256()
        while block := stream.read(SIZES["hash-block"]):
            found.update(block)
    return found.hexdigest()


def strange(root: Path) -> tuple[str, ...]:
    """What no repository of restic has: other files, and names that are no 64 hex digits; by path below the root. Locks and half-written files (`-tmp-`) pass."""
    found = []
    for path, _ in _files(root):
        below = path.relative_to(root).as_posix()
        folder, _, rest = below.partition("/")
        name = rest.rpartition("/")[2]
        fits = below == "config" or (folder in FOLDERS and NAME.fullmatch(name) and rest in ({f"{name[:2]}/{name}", name} if folder == "data" else {name}))
        if not fits and "-tmp-" not in name:
            found.append(below)
    return tuple(found)


def place_of(root: Path, name: str) -> Path:
    """Where an object lies that a check calls `data/NAME` or `snapshots/NAME`."""
    folder, _, rest = name.partition("/")
    return root / folder / rest[:2] / rest if folder == "data" and os.path.lexists(root / folder / rest[:2] / rest) else root / name


def is_key(root: Path, name: str) -> bool:
    """Whether a file in keys/ is a key at all: restic's are JSON and hold no secret in the clear."""
    try:
        found = json.loads(read_file(root / "keys" / name, limit_bytes=SIZES["secret"]))
    except (OSError, ValueError, SamdriftError):
        return False
    return isinstance(found, dict) and found.get("kdf") is not None


def set_aside(root: Path, name: str, into: Path) -> Path:
    """Move an object out of the repository to the same path below `into`; nothing is ever deleted. Gives where it lies now."""
    path = place_of(root, name)
    to = into / path.relative_to(root)
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.rename(to)
    return to


def arrival(root: Path, snapshot: str) -> datetime | None:
    """When a snapshot's file came to the storage (its file time), or None when it is not there."""
    try:
        return datetime.fromtimestamp((root / "snapshots" / snapshot).stat().st_mtime, tz=UTC)
    except OSError:
        return None


def total_bytes(folder: Path) -> int:
    """Bytes of every file at and below a folder, whoever put it there; 0 when it is not there."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
