"""Diff network: what changed in a device's configuration between two commits (playbooks.md 4 `network diff`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from samdrift.adapters import git
from samdrift.model.errors import CouldNotObserve, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.viewer import Viewer
from samdrift.network.history import counted, difference, repository_of, text_path
from samdrift.operations.choose_network import visible_devices
from samdrift.store.store import Store


@dataclass(frozen=True, slots=True)
class NetworkDiff:
    """`old` is None before the first text; `lines` are a unified difference of the texts without secrets."""

    device: str
    member: str
    old: git.Commit | None
    new: git.Commit
    added: int
    removed: int
    lines: tuple[str, ...]


def diff_network(
    inventory: Inventory, store: Store, device: str, old: str | None, new: str | None, *, viewer: Viewer
) -> NetworkDiff:  # fmt: skip
    """From commit `old` to `new`; without `new` to the newest, without both its last change. A member reads devices of its own alone.

    UnknownId for a device or commit that is not there, CouldNotObserve while no text is kept.
    """
    readable = {name: one for name, one in visible_devices(inventory, viewer).items() if viewer.sees(inventory.ownership(one).sole)}
    if device not in readable:
        raise UnknownId("device", device, readable)
    ownership = inventory.ownership(readable[device])
    repository, path = store.state_dir / repository_of(ownership), text_path(device)
    commits = git.history(repository, path)
    if not commits:
        raise CouldNotObserve(f"no text of {device} is kept yet", help=f"samdrift network backup --device {device}")
    later = _find(commits, new) if new else commits[0]
    earlier = _find(commits, old) if old else _before(commits, later)
    before, after = _text(repository, path, earlier), _text(repository, path, later)
    label = f"{device} {earlier.id[:10] if earlier else '-'}", f"{device} {later.id[:10]}"
    return NetworkDiff(device, ownership.label, earlier, later, *counted(before, after), difference(before, after, *label))


def _find(commits: tuple[git.Commit, ...], given: str) -> git.Commit:
    """The one commit of the device that begins with what was given, at least four signs."""
    found = [one for one in commits if one.id.startswith(given.lower())] if len(given) >= 4 else []
    if len(found) != 1:
        error = UnknownId("commit", given)
        error.help = "the device's newest commits: " + ", ".join(one.id[:10] for one in commits[:5])
        raise error
    return found[0]


def _before(commits: tuple[git.Commit, ...], later: git.Commit) -> git.Commit | None:
    place = commits.index(later) + 1
    return commits[place] if place < len(commits) else None


def _text(repository: Path, path: str, commit: git.Commit | None) -> str:
    return (git.read_text(repository, path, commit.id) or "") if commit else ""
