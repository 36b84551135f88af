"""Ballast: a file of real blocks that keeps a disk from being filled to the last byte (backup.md F1)."""

from __future__ import annotations

import os
from pathlib import Path

NAME = ".ballast"
"""Beside the owners' folders of a target."""
BLOCK = 512
"""The unit of st_blocks, whatever the file system's own is."""


def held(folder: Path) -> int:
    """Bytes that the ballast really takes of the disk: a sparse file keeps nothing; 0 when there is none."""
    try:
        found = (folder / NAME).lstat()
    except FileNotFoundError:
        return 0
    return min(found.st_size, found.st_blocks * BLOCK)


def size(folder: Path) -> int:
    """The length of its file, as a sum of lengths counts it; 0 when there is none."""
    path = folder / NAME
    return path.lstat().st_size if path.is_file() and not path.is_symlink() else 0


def make(folder: Path, size: int) -> None:
    """Make it of that many bytes, whole or not at all; OSError when the disk has not so many. An older one is replaced only afterwards."""
    path = folder / f"{NAME}.new"
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)
        os.fsync(descriptor)
        path.replace(folder / NAME)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def free(folder: Path) -> None:
    """Remove it; it need not be there."""
    (folder / NAME).unlink(missing_ok=True)
