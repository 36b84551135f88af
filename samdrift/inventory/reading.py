"""Reading: the bytes of one YAML file → plain values with places; hostile text is refused before it is composed (I4-I7)."""

from __future__ import annotations

import re
from typing import Any

import yaml

from samdrift.inventory import characters, limits
from samdrift.inventory.document import Document, Path, Value, dotted
from samdrift.model.problem import Place, Problem

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_MISSING = object()
_SYNTAX_CODES = {
    "nesting depth": "too-deep",
    "directive": "directive",
    "alias": "anchor",
    "anchor": "anchor",
    "tag": "tag",
}
"""What libyaml says of a text that it refuses by itself, and our code."""


class _Stop(Exception):
    """The file cannot be read further; its problem stands already."""


def plain(text: str) -> str | int | bool:
    """What a plain scalar means before its field reads it: an integer, true, false, or its text (I5).

    >>> [plain(text) for text in ("12", "012", "1:30", "NO", "true", "1e3", "2026-03-28")]
    [12, '012', '1:30', 'NO', True, '1e3', '2026-03-28']
    """
    if text[0] in "-0123456789" and _INTEGER.fullmatch(text):
        return int(text)
    if text == "true":
        return True
    return False if text == "false" else text


def read(file: str, content: bytes) -> Document:
    """One file's document; every problem of its text stands in it with its place."""
    document = Document(file)
    try:
        text = _decode(document, content)
        _Reader(document, text).run()
    except _Stop:
        document.broken = True
        document.value = None
        del document.problems[:-1]
    return document


def _refuse(
    document: Document, code: str, message: str, line: int = 0, column: int = 0, help: str | None = None
) -> None:
    document.problems.append(Problem(Place(document.file, line + 1, column + 1), code, message, help))


def _decode(document: Document, content: bytes) -> str:
    if len(content) > limits.FILE_BYTES:
        _refuse(document, "file-too-large", "the file is over 1 MiB", help="split it: the file is only a place")
        raise _Stop
    if content.startswith(b"\xef\xbb\xbf") or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        _refuse(
            document, "byte-order-mark", "the file begins with a byte order mark", help="save it as UTF-8 without one"
        )
        raise _Stop
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start)
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode(errors="replace"))
        _refuse(
            document,
            "not-utf8",
            f"byte 0x{content[error.start]:02X} is not UTF-8",
            line,
            column,
            "save the file as UTF-8",
        )
        raise _Stop from None
    for line, column, sign in characters.control_places(text, characters.CONTROL):
        _refuse(document, "control-character", f"{characters.name(sign)} may not stand in the inventory", line, column)
        raise _Stop
    return text


class _Frame:
    """A map or list that is being filled."""

    __slots__ = ("duplicate", "key", "keys", "map", "values")

    def __init__(self, is_map: bool) -> None:
        self.map: dict[str, Value] | None = {} if is_map else None
        self.values: list[Value] = []
        self.key: Any = _MISSING
        self.duplicate: int | None = None
        self.keys: dict[str, int] = {}

    @property
    def step(self) -> str | int:
        return len(self.values) if self.map is None else str(self.key)


class _Reader:
    """Follows the parser's events; never composes nodes."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text
        self.frames: list[_Frame] = []
        self.clean = True
        for line, column, sign in characters.control_places(text, characters.BIDIRECTIONAL):
            self.clean = False
            _refuse(
                document, "control-character", f"{characters.name(sign)} may not stand in the inventory", line, column
            )
        for line, column in characters.not_nfc_places(text):
            self.clean = False
            _refuse(
                document,
                "not-nfc",
                "the text is not in Unicode's normal form C",
                line,
                column,
                "write å, ä, ö as one sign each",
            )

    def run(self) -> None:
        loader = yaml.CSafeLoader(self.text)
        try:
            self._follow(loader.get_event)
        except yaml.YAMLError as error:
            self._syntax(error)
            raise _Stop from None
        finally:
            loader.dispose()

    def _follow(self, event_of: Any) -> None:
        documents, lines, columns = 0, self.document.lines, self.document.columns
        scalar, sequence, mapping = yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent
        while True:
            event = event_of()
            kind = type(event)
            if kind is scalar:
                if event.anchor is not None or event.tag is not None or "{" in event.value:
                    self._odd(event)
                self._scalar(event)
            elif kind is sequence or kind is mapping:
                if len(self.frames) == limits.DEPTH:
                    self._fatal("too-deep", f"maps and lists stand over {limits.DEPTH} deep", event)
                if event.anchor is not None or event.tag is not None:
                    self._odd(event)
                self._open(event, is_map=kind is mapping)
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                frame = self.frames.pop()
                self._put(tuple(frame.values) if frame.map is None else frame.map)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._fatal(
                        "several-documents", "a second document begins here", event, "one file holds one document"
                    )
                if event.version or event.tags:
                    self._fatal("directive", "a % directive stands before the document", event, "take it away")
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.StreamEndEvent:
                break
            if len(lines) > limits.VALUES:
                self._fatal(
                    "file-too-large",
                    f"the file has over {limits.VALUES} keys and values",
                    event,
                    "split it: the file is only a place",
                )
        if not lines:
            _refuse(self.document, "empty-value", "the file holds nothing", help="write objects into it, or remove it")
            raise _Stop
        assert len(lines) == len(columns)

    # --- values
    def _here(self) -> Path:
        return tuple(frame.step for frame in self.frames)

    def _mark(self, event: Any) -> int:
        mark = event.start_mark
        self.document.lines.append(mark.line)
        self.document.columns.append(mark.column)
        return len(self.document.lines) - 1

    def _scalar(self, event: Any) -> None:
        number, value = self._mark(event), event.value
        if self.clean and event.style == '"' and (fault := characters.fault_in_value(value)):
            self._report(fault[0], fault[1], event)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.map is not None and frame.key is _MISSING:
            self._begin_key(frame, value, number, event)
        elif event.implicit[0]:
            if value:
                self._put(plain(value))
            else:
                self._report(
                    "empty-value",
                    f"{self._name()} has no value",
                    event,
                    "write the value, or take the key away",
                    spoil=True,
                )
                self._put(None)
        else:
            self._put(value)

    def _name(self) -> str:
        return next((frame.key for frame in reversed(self.frames) if frame.map is not None), "the file")

    def _begin_key(self, frame: _Frame, key: str, number: int, event: Any) -> None:
        first = frame.keys.get(key)
        frame.key = key
        if key == "<<" and event.implicit[0]:
            self._report(
                "anchor", "a merge key (<<) may not stand in the inventory", event, "write the keys out", spoil=True
            )
        if first is None:
            frame.keys[key] = number
            if len(frame.keys) > limits.KEYS:
                self._fatal(
                    "file-too-large", f"a map has over {limits.KEYS} keys", event, "split it: the file is only a place"
                )
            return
        frame.duplicate = number
        if len(self.document.problems) >= limits.PROBLEMS_PER_FILE:
            return
        lines, columns = self.document.lines, self.document.columns
        place = Place(self.document.file, lines[number] + 1, columns[number] + 1)
        other = Place(self.document.file, lines[first] + 1, columns[first] + 1)
        self._tell(
            Problem(
                place,
                "duplicate-key",
                f"{key} stands twice in one map",
                "keep one of them",
                related=(other,),
                path=dotted(self._here()),
            )
        )

    def _open(self, event: Any, *, is_map: bool) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.map is not None and frame.key is _MISSING:
            self._fatal("wrong-type", "a key must be text", event)
        number = self._mark(event)
        if len(self.frames) <= 2:
            self.document.starts.setdefault(self._here(), number)
        self.frames.append(_Frame(is_map))

    def _put(self, value: Value) -> None:
        if not self.frames:
            self.document.value = value
            return
        frame = self.frames[-1]
        if frame.map is None:
            frame.values.append(value)
            return
        if frame.duplicate is None:
            frame.map[frame.key] = value
        else:
            del self.document.lines[frame.duplicate :]
            del self.document.columns[frame.duplicate :]
            frame.duplicate = None
        frame.key = _MISSING

    # --- what is refused
    def _odd(self, event: Any) -> None:
        if event.anchor is not None:
            self._report(
                "anchor",
                f"the anchor &{event.anchor} may not stand in the inventory",
                event,
                "write the value out where it is used",
            )
        if event.tag is not None:
            self._report(
                "tag", f"the tag {event.tag[:60]} may not stand in the inventory", event, "take it away", spoil=True
            )
        if isinstance(event, yaml.ScalarEvent) and (found := characters.TEMPLATE.search(event.value)):
            message = f"{found[0]} may not stand in a text: ansible-core 2.14 would run it as a template"
            self._report("template-in-text", message, event, "write the text without it")

    def _alias(self, event: Any) -> None:
        self._report(
            "anchor",
            f"the alias *{event.anchor} may not stand in the inventory",
            event,
            "write the value out",
            spoil=True,
        )
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.map is not None and frame.key is _MISSING:
            raise _Stop
        self._mark(event)
        self._put(None)

    def _report(self, code: str, message: str, event: Any, help: str | None = None, *, spoil: bool = False) -> None:
        path = self._here()
        if spoil:
            self.document.spoiled.add(path)
        mark = event.start_mark
        place = Place(self.document.file, mark.line + 1, mark.column + 1)
        self._tell(Problem(place, code, message, help, path=dotted(path)))

    def _tell(self, problem: Problem) -> None:
        if len(self.document.problems) < limits.PROBLEMS_PER_FILE:
            self.document.problems.append(problem)

    def _fatal(self, code: str, message: str, event: Any, help: str | None = None) -> None:
        _refuse(self.document, code, message, event.start_mark.line, event.start_mark.column, help)
        raise _Stop

    def _syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line, mark.column) if mark else (0, 0)
        what = (
            " ".join(str(part) for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
            or "the text is no YAML"
        )
        code = next((code for word, code in _SYNTAX_CODES.items() if word in what), "syntax")
        _refuse(self.document, code, what, line, column)
