"""Output: the same data as a table, JSON, CSV or Markdown on stdout; all of it or an honest end (interface.md U4, U7-U10)."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any

from samdrift.cli.frame import table
from samdrift.cli.frame.cells import cell, value_of
from samdrift.cli.frame.states import words, worst_of
from samdrift.cli.frame.terminal import Terminal
from samdrift.model.errors import EXIT_PIPE_CLOSED, CouldNotRecord
from samdrift.model.outside_text import harmless
from samdrift.model.period import rfc3339
from samdrift.model.section import Column
from samdrift.model.text import Text

INDENTED_ITEMS = 200
"""JSON of up to so many items is indented throughout; json indents in Python and writes lines in C."""
FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"^-?[0-9]+([./][0-9]+)?$")


class PipeClosed(SystemExit):
    """The reader of our output went away: a quiet end with 141."""

    def __init__(self) -> None:
        super().__init__(EXIT_PIPE_CLOSED)


def write(text: str | bytes) -> None:
    """Text (in the terminal's encoding) or bytes to stdout; PipeClosed or CouldNotRecord when they cannot be taken."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "stdout is closed")
        if isinstance(text, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(fitting(text, sys.stdout.encoding or "utf-8"))
    except BrokenPipeError:
        raise PipeClosed from None
    except (OSError, ValueError) as error:
        raise CouldNotRecord(f"cannot write the output: {(getattr(error, 'strerror', None) or str(error)).lower()}") from error


def fitting(text: str, encoding: str) -> str:
    r"""The text with what the encoding lacks: a plain space for a no-break one, ``\xe5`` for any other sign."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.replace("\u00a0", " ").encode(encoding, "backslashreplace").decode(encoding)
    return text


@dataclass(frozen=True, slots=True)
class Document:
    """What a command says: its kind and version, items as JSON-ready mappings, the columns people see, named siblings, a summary."""

    kind: str
    version: int
    items: Iterable[Mapping[str, Any]]
    columns: Sequence[Column]
    generated_at: datetime
    siblings: Mapping[str, Any]
    summary: str | None = None


def _plain(value: Any) -> Any:
    """What json itself cannot write: instants as RFC 3339, tuples and sets as lists; anything else is an own fault."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form; the command must give one")


def as_json(document: Document) -> bytes:
    """The whole envelope (U8), indented; of many items each stands on one line, ten times quicker. NaN is refused."""
    return b"".join(json_parts(document))


def json_parts(document: Document) -> list[bytes]:
    """The same in pieces, an item at a time, so that many items are never held twice."""
    items = iter(document.items)
    first = list(islice(items, INDENTED_ITEMS + 1))
    few = len(first) <= INDENTED_ITEMS
    whole = {"schema": document.kind, "version": document.version, "generated_at": rfc3339(document.generated_at), "items": first if few else [], **document.siblings}
    text = json.dumps(whole, default=_plain, ensure_ascii=False, allow_nan=False, indent=2)
    if few:
        return [_octets(text + "\n")]
    before, _, after = text.partition('"items": []')
    lines = (json.dumps(item, default=_plain, ensure_ascii=False, allow_nan=False) for item in chain(first, items))
    body = [_octets(f"{',' if number else ''}\n    {line}") for number, line in enumerate(lines)]
    return [_octets(f'{before}"items": ['), *body, _octets(f"\n  ]{after}\n")]


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, list | tuple) and not any(isinstance(part, Mapping) for part in value):
        value = " ".join(str(part) for part in value)
    elif isinstance(value, list | tuple | Mapping):
        value = json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True)
    text = "\n".join(harmless(line) for line in str(value).split("\n"))
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text


def as_csv(document: Document) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 without a mark, a row at a time; columns are the JSON names, formula-like cells defused."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow([column.key for column in document.columns])
    for item in document.items:
        writer.writerow([_csv_cell(value_of(item, column.key)) for column in document.columns])
        if kept.tell() > 16_384:
            yield kept.getvalue().encode("utf-8", "backslashreplace")
            kept.seek(0)
            kept.truncate()
    yield kept.getvalue().encode("utf-8", "backslashreplace")


def _cells(document: Document, item: Mapping[str, Any], text: Text, terminal: Terminal) -> list[str]:
    return [cell(value_of(item, column.key), column, text, terminal, document.generated_at) for column in document.columns]


def as_markdown(document: Document, text: Text, terminal: Terminal) -> Iterator[str]:
    """A table that pastes into an issue."""

    def safe(value: str) -> str:
        return value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")

    yield "| " + " | ".join(safe(column.heading) for column in document.columns) + " |\n"
    yield "|" + " --- |" * len(document.columns) + "\n"
    for item in document.items:
        yield "| " + " | ".join(map(safe, _cells(document, item, text, terminal))) + " |\n"


def as_lines(document: Document, text: Text, terminal: Terminal) -> Iterator[str]:
    """In a pipe: heading and one line a row, parted by tabs, nothing cut."""
    yield "\t".join(column.heading for column in document.columns) + "\n"
    for item in document.items:
        yield "\t".join(_cells(document, item, text, terminal)) + "\n"


@dataclass(slots=True)
class Tally:
    """What passed by on its way out: how many rows, and which states."""

    count: int = 0
    states: set[str] = field(default_factory=set)

    def watch(self, document: Document) -> Iterator[Mapping[str, Any]]:
        """The document's items, counted as they pass."""
        keys = [column.key for column in document.columns if column.kind == "state"]
        for item in document.items:
            self.count += 1
            self.states.update(str(value_of(item, key)) for key in keys)
            yield item

    def line(self, document: Document, text: Text, terminal: Terminal) -> str:
        """The command's own summary or the count, then the worst state."""
        count = text("output.count-one") if self.count == 1 else text("output.count", count=self.count)
        worst = worst_of(self.states)
        parts = [document.summary or (count if self.count else text("output.none"))]
        return "; ".join(parts + ([text("output.worst", state=words(worst, text, terminal))] if worst else []))


def as_table(document: Document, text: Text, terminal: Terminal) -> Iterator[str]:
    """For a terminal: aligned, wrapped and coloured."""
    rows = []
    for item in document.items:
        states = [str(value_of(item, column.key)) if column.kind == "state" else None for column in document.columns]
        rows.append((_cells(document, item, text, terminal), states))
    if rows:
        for line in table.lines(document.columns, rows, terminal):
            yield line + "\n"
        yield "\n"


def put(document: Document, form: str, text: Text, terminal: Terminal) -> str | None:
    """Write the document in its form; gives the summary line when that belongs on stderr (a table in a pipe)."""
    tally = Tally()
    watched = replace(document, items=tally.watch(document))
    if form == "json":
        for octets in json_parts(watched):
            write(octets)
        return None
    if form == "csv":
        for part in as_csv(watched):
            write(part)
        return None
    if form == "md":
        for line in as_markdown(watched, text, terminal):
            write(line)
        return None
    for line in as_table(watched, text, terminal) if terminal.is_terminal else as_lines(watched, text, terminal):
        write(line)
    summary = tally.line(document, text, terminal)
    if terminal.is_terminal:
        write(summary + "\n")
        return None
    return summary
