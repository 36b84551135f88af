"""Known ids: what the rooms' folders hold, by file name alone, and the meters' units (common.md 1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import samdrift
from samdrift.inventory import Known
from samdrift.metering.registry import shipped_meters

_PACKAGE = Path(samdrift.__file__).parent


def _modules(folder: Path) -> Iterator[str]:
    for info in iter_modules([str(folder)]):
        if info.ispkg:
            yield from _modules(folder / info.name)
        elif not info.name.startswith("_"):
            yield info.name.replace("_", "-")


@cache
def known_ids() -> Known:
    """Ids of checks, meters and allocation keys; each file of those folders bears its id as its name."""
    rooms = [info.name for info in iter_modules([str(_PACKAGE)]) if info.ispkg]
    return Known(
        checks=frozenset(name for room in rooms for name in _modules(_PACKAGE / room / "checks")),
        meters=frozenset(_modules(_PACKAGE / "metering" / "meters")),
        keys=frozenset(_modules(_PACKAGE / "costs" / "keys")),
        units={meter.id: meter.priced for meter in shipped_meters().values()},
    )
