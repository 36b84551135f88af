"""Files: read with limits, written whole or not at all (reliability.md S3)."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samdrift.adapters.limits import SIZES
from samdrift.model.errors import CouldNotRecord, WrongUse

DATA_FOLDERS = ("files/", "cost-pools/")
"""Folders of an inventory that hold data which the YAML names."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder as read: `files` maps path below the root → bytes; a file over its limit comes with one byte more than the limit.

    `outside`: links that leave the root or lead in a circle. `unreadable`: path → why. `complete` is False when the total was reached.
    """

    files: Mapping[str, bytes]
    outside: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


def read_file(path: Path, *, limit_bytes: int = SIZES["response"]) -> bytes:
    """The bytes of one regular file; WrongUse when it is missing, no file, or over the limit."""
    data = _read_some(path, limit_bytes)
    if len(data) > limit_bytes:
        raise WrongUse(f"{path} is over {limit_bytes} bytes")
    return data


def _read_some(path: Path, limit_bytes: int) -> bytes:
    """At most one byte over the limit; never waits for a pipe or device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise WrongUse(f"{path} is no regular file")
            return opened.read(limit_bytes + 1)
    except OSError as error:
        raise WrongUse(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _walk(root: Path, real_root: Path) -> Iterator[tuple[str, Path, bool]]:
    """(path below root, path, inside) of every file, sorted; hidden names are left out; no folder is entered through a link twice."""
    waiting, seen = [root], {real_root}
    while waiting:
        folder = waiting.pop()
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            below = path.relative_to(root).as_posix()
            if path.is_symlink():
                try:
                    real = path.resolve(strict=True)
                except (OSError, RuntimeError):
                    yield below, path, False
                    continue
                if not real.is_relative_to(real_root) or (real.is_dir() and real in seen):
                    yield below, path, False
                    continue
            if path.is_dir():
                seen.add(path.resolve())
                waiting.append(path)
            else:
                yield below, path, True


def read_tree(root: Path, *, wanted: Callable[[str], bool] = lambda _: True) -> Tree:
    """Every file below an inventory's folder, with the limits of inventory.md I6; WrongUse when there is no such folder.

    `wanted` gets the path below the root and leaves a file out before it is opened.
    """
    if not root.is_dir():
        raise WrongUse(f"{root} is no folder", help="name the inventory's folder with --inventory DIR")
    files: dict[str, bytes] = {}
    outside: list[str] = []
    unreadable: dict[str, str] = {}
    total = 0
    for below, path, inside in sorted(_walk(root, root.resolve())):
        if not wanted(below):
            continue
        if not inside:
            outside.append(below)
            continue
        limit = SIZES["inventory-data-file" if below.startswith(DATA_FOLDERS) else "inventory-file"]
        try:
            files[below] = _read_some(path, limit)
        except WrongUse as error:
            unreadable[below] = error.message.removeprefix(f"{path}").lstrip(": ")
            continue
        total += len(files[below])
        if total > SIZES["inventory-total"] or len(files) > SIZES["inventory-files"]:
            return Tree(files, tuple(outside), unreadable, complete=False)
    return Tree(files, tuple(outside), unreadable)


def make_folder(path: Path, *, mode: int = 0o700) -> Path:
    """The folder, made with its parents when missing; WrongUse names why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as error:
        raise WrongUse(f"cannot make the folder {path}: {(error.strerror or str(error)).lower()}") from error
    return path


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replace a file so that a reader sees the whole old or the whole new one, also after a kill.

    Written beside it, synced, renamed, and the folder synced. CouldNotRecord names the path; the old file is then as it was.
    """
    made: str | None = None
    try:
        descriptor, made = tempfile.mkstemp(prefix=f".{path.name[:200]}.", suffix=".new", dir=path.parent)
        with os.fdopen(descriptor, "wb") as opened:
            os.fchmod(descriptor, mode)
            opened.write(data)
            opened.flush()
            os.fsync(descriptor)
        Path(made).replace(path)
        made = None
        _sync_folder(path.parent)
    except OSError as error:
        raise CouldNotRecord(f"cannot write {path}: {(error.strerror or str(error)).lower()}", help="free space, or see who may write there") from error
    finally:
        if made is not None:
            with contextlib.suppress(OSError):
                Path(made).unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
