"""CSV read strictly: UTF-8, RFC 4180, a header of known columns, every bad row with its place (costs.md 4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from samdrift.model.errors import nearest
from samdrift.model.problem import Place, Problem

MAX_CELL = 4096
"""Characters of one cell; a larger one is refused before it is stored."""


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
        problems.append(Problem(Place(file), "not-utf8", f"byte {error.start} is not UTF-8"))
        return
    if text.startswith("\ufeff"):
        problems.append(Problem(Place(file), "byte-order-mark", "the file begins with a byte order mark", "save it as UTF-8 without one"))
        return
    if "\0" in text:
        problems.append(Problem(Place(file), "control-character", "the file holds a NUL byte"))
        return
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _header_is_well(header, file, required, optional, problems):
            return
        for cells in reader:
            place = Place(file, reader.line_num)
            if not cells:
                continue
            if len(cells) != len(header):
                problems.append(Problem(place, "csv-cells", f"{len(cells)} cells, the header has {len(header)}"))
                continue
            yield CsvRow(place, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
    except csv.Error as error:
        problems.append(
            Problem(
                Place(file, reader.line_num),
                "csv-syntax",
                str(error),
                "quote cells that hold commas, quotes or line breaks",
            )
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
