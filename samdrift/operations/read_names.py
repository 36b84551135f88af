"""Read names: a file of domain names, one a line, `#` begins a comment."""

from __future__ import annotations

from pathlib import Path

from samdrift.adapters.files import read_file
from samdrift.model.errors import WrongUse


def read_names_file(path: Path) -> tuple[str, ...]:
    """The names in their order; WrongUse when the file cannot be read, is no text or holds none."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{path} is no text file in UTF-8", help="one name a line") from None
    found = tuple(name for line in text.splitlines() if (name := line.partition("#")[0].strip()))
    if not found:
        raise WrongUse(f"{path} holds no name", help="one name a line")
    return found
