"""Sorting: what each file below the inventory is, and whose; with a member chosen the others' files are left alone (I1, I16)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

from samdrift.model.problem import Place, Problem

FileKind = Literal["yaml", "data", "secret", "stray"]
_DATA = {"files", "cost-pools"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")


def kind(path: str) -> FileKind:
    """What a file is by its path below the inventory."""
    head, slash, _ = path.partition("/")
    if slash and head in _DATA:
        return "data"
    if slash and head == "secrets":
        return "secret"
    return "yaml" if path.endswith(".yml") else "stray"


def hidden(path: str) -> bool:
    """Editors' and git's own files begin with a dot and are never read."""
    return any(part.startswith(".") for part in path.split("/"))


def name_problem(file: str, path: str) -> Problem | None:
    """A file name that a shell or Ansible could misread (I7)."""
    for part in path.split("/"):
        if not _NAME.fullmatch(part) or ".." in part:
            return Problem(
                Place(file),
                "bad-name",
                f"the file name {part[:80]!r} may not stand in the inventory",
                "letters a-z, digits, point, hyphen and underscore",
            )
    return None


def stray_problem(file: str, path: str) -> Problem:
    """Besides YAML only the data that YAML names may lie in the inventory (I1)."""
    help = (
        "name it .yml" if path.endswith(".yaml") else "data lies under files/ or cost-pools/; everything else is YAML"
    )
    return Problem(Place(file), "unexpected-file", "this is no file of the inventory", help)


def could_be_named_after(path: str) -> str | None:
    """`are` of `devices/are.yml` and of `devices/are/hall.yml`."""
    parts = path.split("/")
    return parts[1].removesuffix(".yml") if len(parts) > 1 else None


def named_after(path: str, members: Collection[str]) -> str | None:
    """The member a file is named after, if any; a file of the folder members/ always is."""
    name = could_be_named_after(path)
    return name if name is not None and (name in members or path.startswith("members/")) else None


def first_files(paths: Iterable[str]) -> list[str]:
    """Files that say who the members are: those in no folder, and members/."""
    return [path for path in paths if "/" not in path or path.startswith("members/")]
