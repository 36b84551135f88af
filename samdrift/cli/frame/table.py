"""Tables for a terminal: fit its width, wrap long text, never cut an id, state or member (interface.md U7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from samdrift.cli.frame.cells import NUMBERS, WHOLE
from samdrift.cli.frame.states import colour_of
from samdrift.cli.frame.terminal import Terminal, width_of
from samdrift.model.section import Column

GAP = "  "
LEAST = 12
"""Columns that a wrapped text column keeps at least."""


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces; a longer word is broken where it must."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        rest = word
        if line and width_of(line) + 1 + width_of(rest) <= width:
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
        while width_of(rest) > width:
            count = _fitting(rest, width)
            lines.append(rest[:count])
            rest = rest[count:]
        line = rest
    return [*lines, line] if line or not lines else lines


def _fitting(word: str, width: int) -> int:
    """How many signs of a word fill at most `width` columns; at least one."""
    count = min(len(word), width)
    while count > 1 and width_of(word[:count]) > width:
        count -= 1
    return count


def fitted(columns: Sequence[Column], widths: Sequence[int], width: int) -> list[int] | None:
    """Column widths that fit the terminal, text columns narrowed first; None when the whole ones alone are too wide."""
    room = width - len(GAP) * (len(columns) - 1)
    found = list(widths)
    soft = [n for n, column in enumerate(columns) if column.kind not in WHOLE and column.key != "member"]
    excess = sum(found) - room
    while excess > 0:
        widest = max((n for n in soft if found[n] > LEAST), key=lambda n: found[n], default=None)
        if widest is None:
            return None
        found[widest] -= 1
        excess -= 1
    return found


def _painted(text: str, state: str | None, terminal: Terminal) -> str:
    code = colour_of(state) if state and terminal.colour else ""
    return f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int], states: Sequence[str | None], terminal: Terminal) -> Iterator[str]:
    parts = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for row in range(max(map(len, parts))):
        line = ""
        for number, (column, part, width, state) in enumerate(zip(columns, parts, widths, states, strict=True)):
            text = part[row] if row < len(part) else ""
            fill = " " * (width - width_of(text))
            last = number == len(columns) - 1
            painted = _painted(text, state, terminal)
            line += fill + painted if column.kind in NUMBERS else painted + ("" if last else fill)
            line += "" if last else GAP
        yield line.rstrip()


def _records(columns: Sequence[Column], rows: Iterable[tuple[Sequence[str], Sequence[str | None]]], terminal: Terminal) -> Iterator[str]:
    """Where a table cannot fit: each row as lines of heading and value."""
    for number, (cells, states) in enumerate(rows):
        if number:
            yield ""
        for column, cell, state in zip(columns, cells, states, strict=True):
            whole = column.kind in WHOLE or column.key == "member"
            first, *rest = [cell] if whole else wrapped(cell, max(terminal.width - 2, LEAST))
            one = f"{column.heading}: {first}"
            if width_of(one) <= terminal.width and not rest:
                yield f"{column.heading}: {_painted(cell, state, terminal)}"
            else:
                yield f"{column.heading}:"
                for line in (first, *rest):
                    yield f"  {_painted(line, state, terminal)}"


def lines(columns: Sequence[Column], rows: Sequence[tuple[Sequence[str], Sequence[str | None]]], terminal: Terminal) -> Iterator[str]:
    """The table's lines; each row is its cells and, per cell, the state that colours it."""
    headings = [column.heading for column in columns]
    widths = [max([width_of(heading), *(width_of(cells[n]) for cells, _ in rows)]) for n, heading in enumerate(headings)]
    fits = fitted(columns, widths, terminal.width)
    if fits is None:
        yield from _records(columns, rows, terminal)
        return
    nothing = [None] * len(columns)
    yield from _line(columns, headings, fits, nothing, terminal)
    yield GAP.join("-" * width for width in fits)
    for cells, states in rows:
        yield from _line(columns, cells, fits, states, terminal)
