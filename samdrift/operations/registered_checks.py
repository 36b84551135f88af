"""Registered checks: all rooms' checks joined, and the choice among them (common.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import samdrift
from samdrift.model.check import Check
from samdrift.model.errors import SamdriftError, UnknownId
from samdrift.model.registry import scan

_PACKAGE = Path(samdrift.__file__).parent


@cache
def registered_checks() -> Mapping[str, Check]:
    """Check id → check of every room, sorted; an id that two rooms have stops the program."""
    found: dict[str, Check] = {}
    for info in sorted(iter_modules([str(_PACKAGE)]), key=lambda info: info.name):
        if info.ispkg and (_PACKAGE / info.name / "checks").is_dir():
            for check_id, check in scan(import_module(f"samdrift.{info.name}.checks"), "CHECK", Check).items():
                if check_id in found:
                    raise SamdriftError(f"two rooms have a check {check_id}")
                found[check_id] = check
    return dict(sorted(found.items()))


def find_check(check_id: str) -> Check:
    """The check of an id; UnknownId with the nearest."""
    known = registered_checks()
    if check_id not in known:
        raise _unknown("check", check_id, known)
    return known[check_id]


def choose_checks(ids: Sequence[str], categories: Sequence[str]) -> tuple[Check, ...]:
    """The checks named and those of the categories, united; all when nothing is named. UnknownId with the nearest."""
    known = registered_checks()
    held = sorted({check.category for check in known.values()})
    for category in categories:
        if category not in held:
            raise _unknown("category", category, held)
    for check_id in ids:
        find_check(check_id)
    if not ids and not categories:
        return tuple(known.values())
    return tuple(check for check in known.values() if check.id in ids or check.category in categories)


def _unknown(noun: str, given: str, known: Iterable[str]) -> UnknownId:
    error = UnknownId(noun, given, known)
    error.help = error.help if error.near else "list them: samdrift check list"
    return error
