"""Document: one parsed file as plain values, and where each of them stands."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from samdrift.model.problem import Place, Problem

Value = str | int | bool | None | dict[str, "Value"] | tuple["Value", ...]
Path = tuple[str | int, ...]


def _size(value: Value) -> int:
    """How many places a value takes: itself, and for each key and element theirs."""
    if isinstance(value, dict):
        return 1 + sum(1 + _size(inner) for inner in value.values())
    if isinstance(value, tuple):
        return 1 + sum(_size(inner) for inner in value)
    return 1


def dotted(path: Sequence[str | int]) -> str:
    """`devices.ost-lib-1.macs[0]` of a path."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(eq=False)
class Document:
    """`lines` and `columns` hold the place of every key and value in the order read, counted from 0.

    `starts` is the number of a path's place, kept for the two outer levels; the rest is counted when a problem asks.
    `spoiled` are paths already reported; `broken` means that the file could not be read to its end.
    """

    file: str
    value: Value = None
    problems: list[Problem] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("I"))
    starts: dict[Path, int] = field(default_factory=dict)
    spoiled: set[Path] = field(default_factory=set)
    broken: bool = False
    member: str | None = None
    """The member that the file is named after (I16)."""
    _inner: dict[int, dict[str | int, int]] = field(default_factory=dict)

    def place(self, path: Path = (), *, key: bool = False) -> Place:
        """Where the value of a path stands, or its key; a path that is not there gives the nearest one above it."""
        known = max(
            (path[:length] for length in range(min(len(path), 2) + 1) if path[:length] in self.starts),
            key=len,
            default=(),
        )
        number, value, last_key = self.starts.get(known, 0), self._at(known), None
        for step in path[len(known) :]:
            found = self._children(number, value).get(step)
            if found is None:
                return self._place(number)
            last_key = found - 1 if isinstance(value, dict) else None
            number, value = found, self._at((step,), value)
        if key and last_key is None and known == path and path and isinstance(path[-1], str):
            last_key = number - 1
        return self._place(last_key if key and last_key is not None else number)

    def _place(self, number: int) -> Place:
        if number >= len(self.lines):
            return Place(self.file)
        return Place(self.file, self.lines[number] + 1, self.columns[number] + 1)

    def _at(self, path: Path, value: Value = None) -> Value:
        value = self.value if value is None else value
        for step in path:
            if isinstance(value, dict):
                value = value[str(step)]
            elif isinstance(value, tuple) and isinstance(step, int):
                value = value[step]
        return value

    def _children(self, number: int, value: Value) -> dict[str | int, int]:
        found = self._inner.get(number)
        if found is None:
            found, at = {}, number + 1
            if isinstance(value, dict):
                for key, inner in value.items():
                    found[key] = at + 1
                    at += 1 + _size(inner)
            elif isinstance(value, tuple):
                for index, inner in enumerate(value):
                    found[index] = at
                    at += _size(inner)
            self._inner[number] = found
        return found
