"""The terminal: what it can show, and text from outside made harmless for it (interface.md U7, U10)."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

SYMBOLS = "✓▲✗►○–"


def width_of(text: str) -> int:
    """Columns that the text fills on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


@dataclass(frozen=True, slots=True)
class Terminal:
    """What stdout can do: `is_terminal`, `colour`, `symbols` beyond ASCII, and `width` in columns."""

    is_terminal: bool
    colour: bool
    symbols: bool
    width: int = 80


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def _can_write(stream: TextIO | None, text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def look(stream: TextIO | None, environment: Mapping[str, str], *, no_color: bool = False) -> Terminal:
    """The terminal behind a stream, by the stream, TERM, NO_COLOR, CLICOLOR_FORCE and --no-color."""
    is_terminal = _is_terminal(stream)
    dumb = environment.get("TERM") == "dumb"
    forced = environment.get("CLICOLOR_FORCE", "0") not in {"", "0"}
    colour = not (no_color or environment.get("NO_COLOR") or dumb) and (forced or is_terminal)
    width = shutil.get_terminal_size((80, 24)).columns if is_terminal else 80
    return Terminal(is_terminal, colour, not dumb and _can_write(stream, SYMBOLS), max(width, 20))


def here(*, no_color: bool = False) -> Terminal:
    """The terminal behind our own stdout."""
    return look(sys.stdout, os.environ, no_color=no_color)
