"""Ways to break a real repository on its disk, each with what must be named for it."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

from samdrift.adapters.repository_files import place_of


def objects(root: Path, folder: str) -> list[str]:
    """`folder/NAME` of every object, sorted."""
    return sorted(f"{folder}/{path.name}" for path in (root / folder).rglob("*") if path.is_file())


def writable(root: Path) -> None:
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o600)


def flip(root: Path, name: str, rng: random.Random) -> None:
    """Three bytes in a row, anywhere."""
    path = place_of(root, name)
    data = bytearray(path.read_bytes())
    at = rng.randrange(max(1, len(data) - 3))
    for offset in range(at, min(at + 3, len(data))):
        data[offset] ^= 0xFF
    path.write_bytes(data)


def flip_door(path: Path) -> None:
    """One byte in the middle of config or a key."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.chmod(0o600)
    path.write_bytes(data)


def cut(root: Path, name: str, rng: random.Random) -> None:
    path = place_of(root, name)
    os.truncate(path, rng.randrange(path.stat().st_size))


def gone(root: Path, name: str, rng: random.Random) -> None:
    place_of(root, name).unlink()


def junk(root: Path, folder: str, rng: random.Random, *, named_right: bool = True) -> str:
    """Random bytes under their own hash's name, or another; gives `folder/NAME`."""
    content = rng.randbytes(2000)
    name = hashlib.sha256(content if named_right else b"another" + content).hexdigest()
    path = root / folder / (name[:2] if folder == "data" else "") / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return f"{folder}/{name}"
