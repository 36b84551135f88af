"""CSV read strictly: UTF-8, RFC 4180, a header of known columns, every bad row with its place (costs.md 4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from samdrift.model.errors import nearest
from samdrift.model.problem import Place, Problem

MAX_CELL = 4096
"""Characters of one cell; a larger one is refused before it is stored."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class _Reader(Iterator[list[str]], Protocol):
    """What csv.reader gives, whose own type has no public name."""

    line_num: int


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its place and its cells by column."""

    place: Place
    cells: Mapping[str, str]


def read_rows(
    content: bytes, file: str, required: Collection[str], optional: Collection[str], problems: list[Problem]
) -> Iterator[CsvRow]:
    """The rows in order; what is wrong with the file or a row goes to `problems`, and that row is not given."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(Problem(Place(file, line), "not-utf8", f"byte {error.start} is not UTF-8"))
        return
    if text.startswith("\ufeff"):
        problems.append(Problem(Place(file), "byte-order-mark", "the file begins with a byte order mark", "save it as UTF-8 without one"))
        return
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(Place(file, line), "control-character", "the file holds a NUL byte"))
        return
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    parsed = _parsed(reader, file, problems)
    header = next(parsed, (Place(file), []))[1]
    if not _header_is_well(header, file, required, optional, problems):
        return
    for place, cells in parsed:
        if not cells:
            continue
        if len(cells) != len(header):
            problems.append(Problem(place, "csv-cells", f"{len(cells)} cells, the header has {len(header)}"))
        elif _CONTROL.search(" ".join(cells)):
            problems.append(Problem(place, "control-character", "a cell holds a line break or another control character"))
        else:
            yield CsvRow(place, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def _parsed(reader: _Reader, file: str, problems: list[Problem]) -> Iterator[tuple[Place, list[str]]]:
    """Each row with the line on which it begins; what cannot be parsed is a problem, and the next line is gone on with."""
    while True:
        place = Place(file, reader.line_num + 1)
        try:
            yield place, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(
                Problem(place, "csv-syntax", str(error), "quote cells that hold commas, quotes or line breaks")
            )


def _header_is_well(
    header: list[str], file: str, required: Collection[str], optional: Collection[str], problems: list[Problem]
) -> bool:
    before = len(problems)
    known = {*required, *optional}
    for name in header:
        if name not in known:
            near = nearest(name, known)
            problems.append(
                Problem(
                    Place(file),
                    "unknown-key",
                    f"unknown column {name!r}",
                    f"did you mean {near!r}?" if near else f"columns: {','.join(sorted(known))}",
                )
            )
    problems.extend(
        Problem(Place(file), "missing-key", f"column {name!r} is missing")
        for name in sorted(set(required) - set(header))
    )
    if len(set(header)) != len(header):
        problems.append(Problem(Place(file), "duplicate-key", "a column stands twice"))
    return len(problems) == before
