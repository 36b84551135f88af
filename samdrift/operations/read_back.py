"""Read a snapshot back on the machine that it is of: what it holds of each declared path, beside what the walk saw there (backup.md B5, B6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from samdrift.adapters import restic, source_tree
from samdrift.adapters.kept_hashes import Note
from samdrift.model.backup_run import RunFacts, SourceKind

LOOK_S = 3600
"""Limit of reading a snapshot's list back."""
KINDS: Mapping[str, SourceKind] = {"dir": "dir", "file": "file", "symlink": "symlink"}
AHEAD = 10_000
"""How far the notes are read beyond the list: both are in one order, but for names that restic cannot show."""


def read_back(facts: RunFacts, access: restic.Access, notes: Iterator[Note], into: Path) -> RunFacts:
    """What the snapshot holds of each declared path, and what the manifest has that the snapshot has not, or has otherwise. Memory: a few thousand paths."""
    assert facts.snapshot is not None
    seen = _Seen({source.path: [0, 0] for source in facts.sources}, notes, str(into))
    stored = restic.listing(access, facts.snapshot, seen.take, limit_seconds=LOOK_S)
    seen.end()
    sources = tuple(
        replace(one, stored_kind=seen.kinds.get(one.path, "missing"), stored_files=seen.totals[one.path][0], stored_bytes=seen.totals[one.path][1])
        for one in facts.sources
    )
    tagged = stored.tag("run") == facts.run and stored.tag("backup") == facts.backup
    return replace(
        facts, snapshot=stored.id, claimed_at=stored.claimed_at, tagged=tagged, sources=sources, unreadable=tuple(sorted(set(facts.unreadable) | seen.lost)),
        not_comparable=tuple(sorted(seen.changed)),
    )  # fmt: skip


@dataclass(slots=True)
class _Seen:
    """Pairs a snapshot's list with the walk's notes: files and bytes a declared path, its kind, what moved since or differs in size, and what is not there."""

    totals: dict[str, list[int]]
    notes: Iterator[Note]
    manifest: str
    kinds: dict[str, SourceKind] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    _listed: dict[str, tuple[bool, int]] = field(default_factory=dict)
    _noted: dict[str, Note] = field(default_factory=dict)
    _ahead: int = AHEAD

    def take(self, node: Mapping[str, object]) -> None:
        """One node of the list, paired with its note as soon as both were seen."""
        path, kind = str(node["path"]), str(node["type"])
        if path in self.totals:
            self.kinds[path] = KINDS.get(kind, "other")
        size = int(str(node.get("size", 0)))
        if kind == "file" and path != self.manifest:
            self._count(path, size)
        self._ahead += 1
        note = self._noted.pop(path, None) or self._find(path)
        if note is not None:
            self._pair(note, kind == "file", size)
        elif path != self.manifest:
            self._listed[path] = kind == "file", size

    def _count(self, path: str, size: int) -> None:
        for root, counted in self.totals.items():
            if path == root or path.startswith(root.rstrip("/") + "/"):
                counted[0] += 1
                counted[1] += size

    def _find(self, path: str) -> Note | None:
        while self._ahead and (note := next(self.notes, None)) is not None:
            self._ahead -= 1
            name = shown(note.path)
            if name == path:
                return note
            self._meet(name, note)
        return None

    def _meet(self, name: str, note: Note) -> None:
        listed = self._listed.pop(name, None)
        if listed is None:
            self._noted[name] = note
        else:
            self._pair(note, *listed)

    def _pair(self, note: Note, is_file: bool, size: int) -> None:
        if _moved(note) or (is_file and size != note.print[0]):
            self.changed.add(readable(note.path))

    def end(self) -> None:
        """The list is over: notes without a node are lost unless they moved, and files without a note came while the walk went on."""
        for note in self.notes:
            self._meet(shown(note.path), note)
        for note in self._noted.values():
            (self.changed if _moved(note) else self.lost).add(readable(note.path))
        self.changed |= {path.replace("\n", "\\n") for path, (is_file, _) in self._listed.items() if is_file}


def _moved(note: Note) -> bool:
    return note.kind != "dir" and source_tree.fingerprint(note.path) != note.print


def readable(path: bytes) -> str:
    """A path as JSON carries it: bytes that are not UTF-8, and line ends, are written as escapes."""
    return path.decode("utf-8", "backslashreplace").replace("\n", "\\n")


def shown(path: bytes) -> str:
    """A path as restic's JSON shows it: each byte that is no UTF-8 becomes U+FFFD (Go's encoding/json)."""
    return "".join("\ufffd" if "\udc80" <= sign <= "\udcff" else sign for sign in path.decode("utf-8", "surrogateescape"))
