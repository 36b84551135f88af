"""Texts that people read, Swedish and English side by side, one file an area (interface.md U14)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """key → (Swedish, English) of all areas; a key that stands twice stops the program."""
    found: dict[str, tuple[str, str]] = {}
    for info in sorted(iter_modules(__path__), key=lambda info: info.name):
        for key, pair in import_module(f"{__name__}.{info.name}").TEXTS.items():
            if key in found:
                raise ValueError(f"text {key!r} stands twice")
            found[key] = pair
    return MappingProxyType(found)


class Text:
    """The catalogue in one language: `text("state.ok")`, `text("report.until", time="…")`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its placeholders filled; KeyError names a key that is not there."""
        return catalogue()[key][self._index].format(**values)
