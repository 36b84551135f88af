"""Comparison of what a drill restored with the manifest made at the source (backup.md B21)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import log

from samdrift.model.manifest import Entry

CONTENT = frozenset({"file", "dump"})
"""The kinds of entry that have bytes."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paths as readable text. `compared` counts files, links and directories held against the manifest; `not_comparable` those that changed during the run."""

    compared: int
    files: int
    size_bytes: int
    not_comparable: int
    mismatches: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Everything comparable is equal and nothing is missing or surplus; nothing compared is no pass."""
        return self.compared > 0 and self.files > 0 and not (self.mismatches or self.missing or self.surplus)


def compare(expected: Iterable[Entry], restored: Mapping[bytes, Entry], *, changed: Collection[str] = (), whole: bool = True) -> Comparison:
    """Hold restored entries against the manifest's; with `whole` False only those restored (level 2) are asked for, and none is surplus.

    `changed` are the readable paths of what changed while the run went on.
    """
    mismatches, missing, unsure, compared, files, size = [], [], 0, 0, 0, 0
    seen: set[bytes] = set()
    for entry in expected:
        seen.add(entry.path)
        found = restored.get(entry.path)
        if readable(entry.path) in changed:
            unsure += 1
        elif found is None:
            missing.append(readable(entry.path))
        else:
            compared += 1
            files += entry.kind in CONTENT
            size += entry.size if entry.kind in CONTENT else 0
            if not equal(entry, found):
                mismatches.append(readable(entry.path))
    surplus = [readable(path) for path in sorted(restored) if whole and path not in seen and readable(path) not in changed]
    return Comparison(compared, files, size, unsure, tuple(mismatches), tuple(missing), tuple(surplus))


def equal(one: Entry, other: Entry) -> bool:
    """Whether kind, size, mode and content agree, and the file's time; a directory's time moves while it is filled, a link has no mode."""
    if one.kind == "dump":
        return other.kind == "file" and (one.size, one.sha256) == (other.size, other.sha256)
    if (one.kind, one.size, one.sha256) != (other.kind, other.size, other.sha256):
        return False
    if one.kind == "symlink":
        return True
    return one.mode == other.mode and (one.kind != "file" or one.mtime_ns == other.mtime_ns)


def readable(path: bytes) -> str:
    """A path for people and JSON: bytes that are not UTF-8, and line ends, are written as escapes."""
    return path.decode("utf-8", "backslashreplace").replace("\n", "\\n")


def sample(entries: Iterable[Entry], count: int, seed: int) -> tuple[Entry, ...]:
    """`count` files drawn by size without replacement (Efraimidis and Spirakis 2006), the same for the same seed; sorted by path."""
    keyed = [(_draw(entry, seed), entry.path, entry) for entry in entries if entry.kind in CONTENT]
    return tuple(sorted((entry for _, _, entry in sorted(keyed, reverse=True)[:count]), key=lambda entry: entry.path))


def _draw(entry: Entry, seed: int) -> float:
    number = int.from_bytes(sha256(b"%d\0%s" % (seed, entry.path)).digest()[:7], "big") + 1
    return log(number / 2**56) / (entry.size + 1)
