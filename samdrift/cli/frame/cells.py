"""A value of the data as a cell for people: by the column's kind, in the language asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from samdrift.cli.frame.states import words
from samdrift.cli.frame.terminal import Terminal
from samdrift.model import written
from samdrift.model.outside_text import harmless
from samdrift.model.period import read_instant
from samdrift.model.section import Column
from samdrift.model.text import Text

NUMBERS = frozenset({"money", "quantity", "percent", "integer", "duration", "bytes"})
WHOLE = frozenset({"id", "state", "instant", "date"}) | NUMBERS
"""Kinds that are never wrapped or cut."""


def value_of(item: Mapping[str, Any], key: str) -> Any:
    """The value under a key; `remedy.text` looks inside, None where nothing is there."""
    value: Any = item
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def cell(value: Any, column: Column, text: Text, terminal: Terminal, now: datetime) -> str:
    """The cell's text, harmless, never with a line break; a dash for what is unknown."""
    if value is None or value == "" or value in ([], ()):
        return "–" if terminal.symbols else "-"
    return harmless(_shown(value, column, text, terminal, now))


def _shown(value: Any, column: Column, text: Text, terminal: Terminal, now: datetime) -> str:
    language = text.language
    match column.kind, value:
        case _, bool():
            return text("output.yes" if value else "output.no")
        case "state", str():
            return words(value, text, terminal)
        case "money", int():
            return written.kronor(value, language)
        case "bytes", int():
            return written.gibibytes(value, language)
        case "duration", int():
            return written.duration(value)
        case "instant", str() | datetime():
            return written.instant(value if isinstance(value, datetime) else read_instant(value), language, now=now)
        case "percent", str() | int() | Fraction():
            return written.percent(Fraction(value), language)
        case "quantity", str() | int() | Fraction():
            return written.shown(Fraction(value), language) + (f"{written.NBSP}{column.unit}" if column.unit else "")
        case "integer", int():
            return written.decimal(value, 0, language)
        case _, list() | tuple():
            return ", ".join(str(part) for part in value)
        case _, Mapping():
            return ", ".join(f"{key}={inner}" for key, inner in value.items())
    return str(value)
