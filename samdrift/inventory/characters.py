"""Characters: what may not stand in any text of the inventory (inventory.md I6, I7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
TEMPLATE = re.compile(r"\{[{%#]")
_PROBLEM_LINES = 20


def name(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def control_places(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """(line, column, character) of forbidden characters, counted from 0; at most twenty of them."""
    for count, found in enumerate(pattern.finditer(text)):
        if count == _PROBLEM_LINES:
            return
        before = text.rfind("\n", 0, found.start())
        yield text.count("\n", 0, found.start()), found.start() - before - 1, found[0]


def not_nfc_places(text: str) -> Iterator[tuple[int, int]]:
    """(line, column) of the first sign of each line that is not in normal form C, counted from 0; at most twenty of them."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return
    told = 0
    for number, line in enumerate(text.split("\n")):
        normal = line if line.isascii() else unicodedata.normalize("NFC", line)
        if normal != line and told < _PROBLEM_LINES:
            told += 1
            yield (
                number,
                next(
                    (at for at, (had, want) in enumerate(zip(line, normal, strict=False)) if had != want), len(normal)
                ),
            )


def fault_in_value(value: str) -> tuple[str, str] | None:
    """(code, message) of what an escape smuggled into a value, else None."""
    if value.isascii() and value.isprintable():
        return None
    if found := CONTROL.search(value) or BIDIRECTIONAL.search(value):
        return "control-character", f"{name(found[0])} may not stand in a text"
    if not unicodedata.is_normalized("NFC", value):
        return "not-nfc", "the text is not in Unicode's normal form C"
    return None
