"""Every text stands in Swedish and English with the same placeholders, and is used."""

from __future__ import annotations

from string import Formatter

from samdrift.model.text import catalogue
from tests.contracts.folders import PACKAGE, ROOT


def placeholders(text):
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def test_every_text_stands_in_both_languages():
    half = [key for key, pair in catalogue().items() if len(pair) != 2 or not all(text.strip() for text in pair)]
    assert not half, "\n".join(half)


def test_placeholders_are_equal_in_both_languages():
    unequal = [
        f"{key}: {placeholders(swedish)} and {placeholders(english)}"
        for key, (swedish, english) in catalogue().items()
        if placeholders(swedish) != placeholders(english)
    ]
    assert not unequal, "\n".join(unequal)


def test_every_text_is_used():
    files = [
        path
        for folder in (PACKAGE, ROOT / "tools")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".html", ".j2", ".txt"} and "text" not in path.parent.name
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unused = [
        key
        for key in catalogue()
        if key not in source
        and not any(
            f"{key[: i + 1]}{{" in source or f'"{key[: i + 1]}" +' in source
            for i, letter in enumerate(key)
            if letter in ".-"
        )
    ]
    assert not unused, "\n".join(unused)
