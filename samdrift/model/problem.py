"""Problem: one thing wrong with the inventory, with its place and what to do (inventory.md I4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text file: `file` as the user's --inventory joins it, `line` and `column` counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: stable `code`, `message` in one line, `help` what to do, `related` the second places, `path` the dotted path in the file."""

    place: Place
    code: str
    message: str
    help: str | None = None
    level: Level = "error"
    related: tuple[Place, ...] = field(default=())
    path: str = ""

    def lines(self) -> list[str]:
        """`file:line:col: level[code]: text (second place)` and one `help:` line."""
        where = f" ({', '.join(map(str, self.related))})" if self.related and str(self.related[0]) not in self.message else ""
        first = f"{self.place}: {self.level}[{self.code}]: {self.message}{where}"
        return [first] + ([f"help: {self.help}"] if self.help else [])

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """By place, then code, then text: the same order every day."""
        return (self.place.file, self.place.line, self.place.column, self.code, self.message)
