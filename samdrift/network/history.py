"""History: where a device's text is kept, what its commit says, and the difference of two texts (playbooks.md N1)."""

from __future__ import annotations

from difflib import unified_diff

from samdrift.model.network_backup import NetworkBackup
from samdrift.model.ownership import Ownership
from samdrift.model.period import rfc3339

FOLDER = "network"
"""Below the state folder: one repository a member, and one of the shared devices."""


def repository_of(ownership: Ownership) -> str:
    """The repository's path below the state folder: `network/<member>.git` or `network/shared.git`."""
    return f"{FOLDER}/{ownership.label}.git"


def text_path(device: str) -> str:
    """The path of the running configuration in the repository."""
    return f"{device}/running.txt"


def commit_message(backup: NetworkBackup, old: str | None, new: str, actor: str) -> str:
    """Subject and trailers: device, member, time, run and who."""
    added, removed = counted(old or "", new)
    subject = f"{backup.device}: first text" if old is None else f"{backup.device}: {added} added, {removed} removed"
    trailers = (
        ("Device", backup.device), ("Member", backup.member), ("Site", backup.site), ("Run", backup.run),
        ("Read-at", rfc3339(backup.observed_at)), ("By", actor),
    )  # fmt: skip
    return f"{subject}\n\n" + "".join(f"{name}: {value}\n" for name, value in trailers)


def difference(old: str, new: str, before: str, after: str) -> tuple[str, ...]:
    """The lines of a unified difference with three lines around each change; none when the texts are equal."""
    return tuple(unified_diff(old.splitlines(), new.splitlines(), before, after, lineterm=""))


def counted(old: str, new: str) -> tuple[int, int]:
    r"""How many lines came and how many went.

    >>> counted("a\nb\n", "a\nc\nd\n")
    (2, 1)
    """
    lines = difference(old, new, "", "")[2:]
    return sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines)
