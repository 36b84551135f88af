"""restic's objects: what lies in which pack, which files and snapshots use it, what opens with the key, and a new index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from samdrift.adapters import restic
from samdrift.adapters.limits import PROGRAM_SECONDS
from samdrift.model.backup_run import BackupReason

Kind = Literal["snapshot", "index", "key"]
AT_ONCE = 1000
"""Blobs asked for in one call: each is 64 characters of its argument list."""
UNLOADABLE = re.compile(r"Unable to load tree [0-9a-f]{64}\n \.\.\. which belongs to snapshot ([0-9a-f]{64})\n")
"""What restic 0.14 writes in the midst of its JSON, between two objects, where a folder cannot be read."""
LIMIT_S = PROGRAM_SECONDS["restic"]


@dataclass(frozen=True, slots=True)
class Blob:
    """One blob of a pack, by its id."""

    id: str
    kind: Literal["data", "tree"]


@dataclass(frozen=True, slots=True)
class Uses:
    """(snapshot, path) pairs that need a blob, the snapshots of which a folder cannot be listed, and the pairs of each blob that was found in use."""

    paths: tuple[tuple[str, str], ...] = ()
    unlistable: frozenset[str] = field(default_factory=frozenset)
    of: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    @property
    def blobs(self) -> frozenset[str]:
        return frozenset(self.of)


def as_stored(access: restic.Access) -> restic.Access:
    """The same door without a cache: what lies in the repository, not what once lay there."""
    return replace(access, cache=None)


def packs(access: restic.Access, indexes: Iterable[str]) -> tuple[dict[str, tuple[Blob, ...]], tuple[str, ...]]:
    """Pack → its blobs as the index files say, and the index files that cannot be read. restic without a cache, one call an index file."""
    found: dict[str, tuple[Blob, ...]] = {}
    unreadable = []
    for name in indexes:
        ended = restic.call(as_stored(access), ["cat", "index", name], limit_seconds=LIMIT_S, give_up=restic.hopeless)
        try:
            rows = json.loads(restic.require(ended).stdout)["packs"] or []
        except (restic.ResticFailed, ValueError, KeyError):
            unreadable.append(name)
            continue
        found |= {one["id"]: tuple(Blob(blob["id"], blob["type"]) for blob in one["blobs"]) for one in rows}
    return found, tuple(unreadable)


def uses(access: restic.Access, kind: Literal["blob", "tree"], ids: Sequence[str], snapshots: Sequence[str]) -> Uses:
    """Where these snapshots use the contents of files (`blob`) or the folders (`tree`) of these ids; restic passes over a snapshot's uppermost folder."""
    if not ids or not snapshots:
        return Uses()
    inside = [word for one in snapshots for word in ("--snapshot", one)]
    found = []
    for some in _portions(ids):
        ended = restic.require(restic.call(as_stored(access), ["find", "--json", *inside, f"--{kind}", *some], limit_seconds=LIMIT_S))
        found.append(read_uses(ended.stdout.decode("utf-8", "replace")))
    pairs = {pair for one in found for pair in one.paths}
    return Uses(tuple(sorted(pairs)), frozenset().union(*(one.unlistable for one in found)), {blob: used for one in found for blob, used in one.of.items()})


def read_uses(text: str) -> Uses:
    """What `restic find --json` says; ResticFailed when that is no list.

    >>> read_uses('[{"id":"e1","snapshot":"ab","path":"/srv/a"}]').paths
    (('ab', '/srv/a'),)
    """
    rows = UNLOADABLE.sub("", text).strip()
    try:
        listed = json.loads(rows or "[]") or ()
    except ValueError:
        raise restic.ResticFailed(BackupReason.UNCLASSIFIED, f"restic's list of files broke off: {rows[-80:]}") from None
    of: dict[str, set[tuple[str, str]]] = {}
    for one in listed:
        of.setdefault(one["id"], set()).add((one["snapshot"], one["path"]))
    pairs = {pair for used in of.values() for pair in used}
    return Uses(tuple(sorted(pairs)), frozenset(UNLOADABLE.findall(text)), {blob: frozenset(used) for blob, used in of.items()})


def _portions(blobs: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(blobs), AT_ONCE):
        yield blobs[start : start + AT_ONCE]


def listable(access: restic.Access, snapshot: str) -> bool:
    """Whether every folder of a snapshot can be listed."""
    return restic.call(as_stored(access), ["ls", "--quiet", snapshot], limit_seconds=LIMIT_S, on_line=lambda _: None, give_up=restic.hopeless).code == 0


def opens(access: restic.Access, kind: Kind, name: str) -> bool:
    """Whether an object decrypts with our key and is what its folder says."""
    return restic.call(as_stored(access), ["cat", kind, name], limit_seconds=restic.QUICK_S, give_up=restic.hopeless).code == 0


def rebuild_index(access: restic.Access) -> None:
    """Make the index anew from the packs that are there; ResticFailed when it cannot be."""
    restic.require(restic.call(as_stored(access), ["rebuild-index"], limit_seconds=LIMIT_S))
