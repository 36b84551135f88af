"""restic's objects: what lies in which pack, which files and snapshots use it, what opens with the key, and a new index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from samdrift.adapters import restic
from samdrift.adapters.limits import PROGRAM_SECONDS

Kind = Literal["snapshot", "index", "key"]
AT_ONCE = 1000
"""Blobs asked for in one call: each is 64 characters of its argument list."""
HOPELESS = re.compile(r"retrying after .*(unexpected EOF|invalid data|ciphertext|no such file|does not exist|ReadFull|404)")
UNLOADABLE = re.compile(r"belongs to snapshot ([0-9a-f]{64})")
LIMIT_S = PROGRAM_SECONDS["restic"]


@dataclass(frozen=True, slots=True)
class Blob:
    """One blob of a pack, by its id."""

    id: str
    kind: Literal["data", "tree"]


@dataclass(frozen=True, slots=True)
class Uses:
    """(snapshot, path) pairs that need a blob, and the snapshots of which a folder cannot be listed."""

    paths: tuple[tuple[str, str], ...] = ()
    unlistable: frozenset[str] = field(default_factory=frozenset)


def as_stored(access: restic.Access) -> restic.Access:
    """The same door without a cache: what lies in the repository, not what once lay there."""
    return replace(access, cache=None)


def packs(access: restic.Access, indexes: Iterable[str]) -> tuple[dict[str, tuple[Blob, ...]], tuple[str, ...]]:
    """Pack → its blobs as the index files say, and the index files that cannot be read. restic without a cache, one call an index file."""
    found: dict[str, tuple[Blob, ...]] = {}
    unreadable = []
    for name in indexes:
        ended = restic.call(as_stored(access), ["cat", "index", name], limit_seconds=LIMIT_S, give_up=hopeless)
        try:
            rows = json.loads(restic.require(ended).stdout)["packs"] or []
        except (restic.ResticFailed, ValueError, KeyError):
            unreadable.append(name)
            continue
        found |= {one["id"]: tuple(Blob(blob["id"], blob["type"]) for blob in one["blobs"]) for one in rows}
    return found, tuple(unreadable)


def hopeless(line: str) -> bool:
    """Whether restic waits to read again what no waiting mends: it tries ten times, a minute in all, each damaged object."""
    return HOPELESS.search(line) is not None


def uses(access: restic.Access, blobs: Sequence[str], snapshots: Sequence[str]) -> Uses:
    """Where these snapshots use the blobs, and which of them have a folder that cannot be listed."""
    if not blobs or not snapshots:
        return Uses()
    paths: set[tuple[str, str]] = set()
    bad: set[str] = set()
    for some in _portions(blobs):
        wanted = [word for blob in some for word in ("--blob", blob)]
        inside = [word for one in snapshots for word in ("--snapshot", one)]
        ended = restic.require(restic.call(as_stored(access), ["find", "--json", *inside, *wanted], limit_seconds=LIMIT_S))
        text = ended.stdout.decode("utf-8", "replace")
        bad |= set(UNLOADABLE.findall(text))
        rows = next((line for line in text.splitlines() if line.startswith("[")), "[]")
        paths |= {(one["snapshot"], one["path"]) for one in json.loads(rows) or ()}
    return Uses(tuple(sorted(paths)), frozenset(bad))


def _portions(blobs: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(blobs), AT_ONCE):
        yield blobs[start : start + AT_ONCE]


def listable(access: restic.Access, snapshot: str) -> bool:
    """Whether every folder of a snapshot can be listed."""
    return restic.call(as_stored(access), ["ls", "--quiet", snapshot], limit_seconds=LIMIT_S, on_line=lambda _: None, give_up=hopeless).code == 0


def opens(access: restic.Access, kind: Kind, name: str) -> bool:
    """Whether an object decrypts with our key and is what its folder says."""
    return restic.call(as_stored(access), ["cat", kind, name], limit_seconds=restic.QUICK_S, give_up=hopeless).code == 0


def rebuild_index(access: restic.Access) -> None:
    """Make the index anew from the packs that are there; ResticFailed when it cannot be."""
    restic.require(restic.call(as_stored(access), ["rebuild-index"], limit_seconds=LIMIT_S))
