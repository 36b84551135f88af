"""Read names: a file of domain names, one a line, `#` begins a comment; everything wrong in it is told at once."""

from __future__ import annotations

from pathlib import Path

from samdrift.adapters.files import read_file
from samdrift.model.dns.names import BadName, from_text
from samdrift.model.errors import InvalidInventory, WrongUse
from samdrift.model.problem import Place, Problem


def read_names_file(path: Path) -> tuple[str, ...]:
    """The names in their order; WrongUse when the file cannot be read, is no text or holds none, with every line that is no name."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{path} is no text file in UTF-8", help="one name a line") from None
    found, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        name = line.partition("#")[0].strip()
        if not name:
            continue
        try:
            from_text(name)
        except BadName as error:
            place = Place(str(path), number, len(line) - len(line.lstrip()) + 1)
            problems.append(Problem(place, "bad-name", f"no domain name: {error}", help="one name a line, for example krokom.example"))
        found.append(name)
    if problems:
        raise InvalidInventory(problems, what=f"{path} has")
    if not found:
        raise WrongUse(f"{path} holds no name", help="one name a line")
    return tuple(found)
