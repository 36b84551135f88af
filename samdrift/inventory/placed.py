"""Placed: objects of the inventory with the place of each word, as the cross-rules get them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from samdrift.inventory.document import Document, Path, Value, dotted
from samdrift.model.problem import Level, Place, Problem

_WORD = re.compile(r"[a-z][a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that rooms and folders know, so that the loader refuses unknown ones without knowing a room; None is not looked at."""

    checks: frozenset[str] | None = None
    meters: frozenset[str] | None = None
    keys: frozenset[str] | None = None
    playbooks: frozenset[str] | None = None
    units: Mapping[str, str] | None = None
    """Shipped meter → the unit that it is priced by."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object as written: `name` is its id, `path` leads to it in its file; `by_id` when its id is the key of a map."""

    noun: str
    name: str
    raw: Value
    document: Document
    path: Path
    by_id: bool = False

    def place(self, *steps: str | int, key: bool = False) -> Place:
        """Where a value inside the object stands, or its key; without steps the object's first line."""
        if self.by_id and steps in {(), ("id",)}:
            return self.document.place(self.path, key=True)
        return self.document.place((*self.path, *steps), key=key)

    def problem(
        self,
        code: str,
        message: str,
        *steps: str | int,
        key: bool = False,
        help: str | None = None,
        related: tuple[Place, ...] = (),
        level: Level = "error",
    ) -> Problem:
        """A problem at a value inside the object, or at its key."""
        path = dotted((self.noun, self.name, *steps))
        return Problem(self.place(*steps, key=key), code, message, help, level, related, path)


@dataclass(frozen=True, slots=True)
class Placed:
    """One valid object and how it was written; not `whole` when wrong values were taken out of it."""

    thing: Any
    entry: Entry
    whole: bool = True

    @property
    def id(self) -> str:
        return self.entry.name

    def place(self, *steps: str | int, key: bool = False) -> Place:
        """Where a value inside the object stands, or its key."""
        return self.entry.place(*steps, key=key)

    def problem(self, code: str, message: str, *steps: str | int, **rest: Any) -> Problem:
        """A problem at a value inside the object, or at its key."""
        return self.entry.problem(code, message, *steps, **rest)


@dataclass(frozen=True)
class Loaded:
    """All that was read: the objects that stand, those declared, and what could not be read.

    `doubtful` are nouns of which an object could not be made or a file not be read: rules that count must be silent about them.
    """

    objects: Mapping[str, tuple[Placed, ...]]
    incomplete: Mapping[str, tuple[Placed, ...]]
    """Objects that lack something they must have; only their references are judged."""
    declared: Mapping[str, frozenset[str]]
    at: datetime
    known: Known = field(default_factory=Known)
    files: Mapping[str, bytes] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    """Texts of files that could not be parsed."""
    skipped: bool = False
    """With a member chosen, other members' files were not read (I16)."""

    def all(self, noun: str) -> tuple[Placed, ...]:
        """The objects of a noun, in file order."""
        return self.objects.get(noun, ())

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Placed]]:
        found: dict[str, dict[str, Placed]] = {}
        for noun, things in self.objects.items():
            ids = found.setdefault(noun, {})
            for placed in things:
                ids.setdefault(placed.id, placed)
        return found

    def by_id(self, noun: str) -> Mapping[str, Placed]:
        """id → object; the first of an id that stands twice."""
        return self._by_id.get(noun, {})

    def ids(self, noun: str) -> frozenset[str]:
        """All ids declared of a noun, also of objects that are not valid."""
        return self.declared.get(noun, frozenset())

    def may_be_elsewhere(self, name: str) -> bool:
        """Whether an unknown id may stand in a file that was not read (I4, I16)."""
        return self.skipped or name in self._unread_words

    @cached_property
    def _unread_words(self) -> frozenset[str]:
        return frozenset(word for text in self.unread for word in _WORD.findall(text))

    @property
    def settings(self) -> Placed | None:
        """The head of the inventory, samdrift.yml."""
        return next(iter(self.all("samdrift")), None)

    @property
    def living(self) -> Iterator[Placed]:
        """Devices that are active or leaving."""
        return (placed for placed in self.all("devices") if placed.thing.living)

    def users(self, used_by: tuple[str, ...]) -> frozenset[str]:
        """Member ids of a service's `used_by`."""
        found: set[str] = set()
        for entry in used_by:
            if entry == "all":
                found.update(self.ids("members"))
            elif entry.startswith("kind:"):
                found.update(
                    placed.id for placed in self.all("members") if placed.thing.kind == entry.removeprefix("kind:")
                )
            else:
                found.add(entry)
        return frozenset(found & self.ids("members"))
