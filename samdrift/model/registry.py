"""Registry: a folder of files, scanned once and sorted, each file its own registration (craft.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType, ModuleType
from typing import Protocol, TypeVar

from samdrift.model.errors import SamdriftError


class Registered(Protocol):
    """What a file of a scanned folder registers: something with a stable id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Registered)


def scan(package: ModuleType, attribute: str, kind: type[T]) -> Mapping[str, T]:
    """Import every module below `package`, sorted by name, and map id → its `attribute`; packages need none.

    A module that does not import, lacks the attribute, or repeats an id stops the program and is named.
    """
    found: dict[str, T] = {}
    names = sorted((info.name, info.ispkg) for info in walk_packages(package.__path__, f"{package.__name__}."))
    for name, is_package in names:
        try:
            module = import_module(name)
        except Exception as error:
            raise SamdriftError(f"{name} does not import: {error}", help="mend or remove that file") from error
        if is_package or name.rsplit(".", 1)[1].startswith("_"):
            continue
        entry = getattr(module, attribute, None)
        if not isinstance(entry, kind):
            raise SamdriftError(f"{name} has no {attribute} of type {kind.__name__}")
        if entry.id in found:
            raise SamdriftError(f"{name} repeats the id {entry.id!r}")
        found[entry.id] = entry
    return MappingProxyType(found)
