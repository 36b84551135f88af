"""Keys of the audit chain: files outside the database, each read by us alone (reliability.md A1)."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from functools import lru_cache
from pathlib import Path

from samdrift.model.errors import CouldNotObserve, WrongUse

KEY_BYTES = 32


class KeyMissing(CouldNotObserve):
    """A key that the chain names is not in the state folder (exit 3)."""


def folder(state_dir: Path) -> Path:
    """Where the keys lie."""
    return state_dir / "keys"


def make_first(state_dir: Path) -> None:
    """The first key, unless there is one; killed half way it leaves none."""
    if _numbers(state_dir):
        return
    place = folder(state_dir)
    place.mkdir(mode=0o700, exist_ok=True)
    scratch = place / f".audit-1.{os.getpid()}"
    descriptor = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(KEY_BYTES) + "\n")
        opened.flush()
        os.fsync(descriptor)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(scratch, place / "audit-1")  # unlike a rename it never replaces a key that another process just made
    finally:
        scratch.unlink()
    sync_folder(place)


def sync_folder(place: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _numbers(state_dir: Path) -> list[int]:
    place = folder(state_dir)
    if not place.is_dir():
        return []
    return sorted(int(path.name.removeprefix("audit-")) for path in place.glob("audit-*") if path.name.removeprefix("audit-").isdigit())


def newest(state_dir: Path) -> str:
    """The id of the key for new entries; KeyMissing when there is none."""
    if numbers := _numbers(state_dir):
        return f"audit-{numbers[-1]}"
    raise KeyMissing(f"the audit chain's key is missing in {folder(state_dir)}", help="put the kept copy back; a new key cannot prove old entries")


@lru_cache(maxsize=16)
def read(state_dir: Path, key_id: str) -> bytes:
    """The bytes of a key; KeyMissing when its file is not there, WrongUse when others may read it."""
    path = folder(state_dir) / key_id
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise KeyMissing(f"the audit chain's key {path} cannot be read", help="put the kept copy back; a new key cannot prove old entries") from error
    if mode & 0o077:
        raise WrongUse(f"others may read the key {path} (mode {stat.S_IMODE(mode):04o})", help=f"chmod 600 {path}")
    try:
        return bytes.fromhex(content)
    except ValueError:
        raise KeyMissing(f"the audit chain's key {path} is damaged", help="put the kept copy back") from None


def salt(key: bytes, key_id: str, seq: int) -> str:
    """The salt of one entry, hex: HMAC-SHA-256 (RFC 2104) of its number, so that one entry's salt opens no other."""
    return hmac.new(key, f"{key_id}:{seq}".encode(), hashlib.sha256).hexdigest()
