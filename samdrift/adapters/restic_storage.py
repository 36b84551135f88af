"""restic on the storage host: what removes or changes keys; no member's host or login can start it (backup.md B3)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samdrift.adapters import restic
from samdrift.adapters.restic import Access, ResticFailed, call, require
from samdrift.model.backup_run import BackupReason

FORGET_S = 3600
PRUNE_S = 12 * 3600


def forget(access: Access, ids: Sequence[str]) -> None:
    """Forget these snapshots, by full ids alone: restic's own rules (--keep-…) believe the time that a client claims (B12). ResticFailed when it did not."""
    require(call(access, ["forget", "--quiet", *_full(ids)], limit_seconds=FORGET_S))


def reclaim(access: Access) -> None:
    """Remove the packs that no snapshot needs; ResticFailed when it did not."""
    require(call(access, ["prune", "--quiet"], limit_seconds=PRUNE_S))


def _full(ids: Sequence[str]) -> Sequence[str]:
    if not ids or any(len(one) != 64 or not set(one) <= set("0123456789abcdef") for one in ids):
        raise ResticFailed(BackupReason.UNCLASSIFIED, "only full ids are forgotten")
    return ids


def keys(root: Path) -> frozenset[str]:
    """Full ids of the keys in a repository's folder (restic itself shows eight digits)."""
    return frozenset(path.name for path in (root / "keys").glob("*") if path.is_file())


def add_key(access: Access, password: str, *, whose: str = "escrow") -> None:
    """Add a key with another password, named after `whose` it is, which goes through anonymous memory as all of them do; ResticFailed when it was not added."""
    with restic.in_memory(password) as descriptor:
        arguments = ["key", "add", "--new-password-file", f"/dev/fd/{descriptor}", "--host", whose, "--user", whose]
        require(call(access, arguments, limit_seconds=restic.QUICK_S, pass_fds=(descriptor,)))


def remove_key(access: Access, key: str) -> None:
    """Remove a key by its full id; ResticFailed when it is the one in use or not there."""
    require(call(access, ["key", "remove", key], limit_seconds=restic.QUICK_S))
