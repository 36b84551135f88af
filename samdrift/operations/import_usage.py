"""Import readings from CSV into the store: all or nothing, the same file again adds nothing (costs.md 4, M6, M7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from samdrift.adapters.clock import now
from samdrift.metering.owners import owner_of
from samdrift.metering.registry import meters
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.period import local_day
from samdrift.model.reading import UNASSIGNED, Reading
from samdrift.operations.preview_costs import read_all
from samdrift.operations.record_play import who
from samdrift.store import Store, audit, raw
from samdrift.store.usage import put_owner


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of the files."""

    accepted: int
    duplicates: int
    conflicts: int
    set_aside: int


def import_usage(
    inventory: Inventory, store: Store, files: Mapping[str, bytes], *, at: datetime, source: str | None = None
) -> Imported:
    """Add the readings of the CSV files. `source` names where they come from; a name that begins with `replayed` marks them so.

    Raises InvalidInventory with every bad row at its place; then nothing is stored.
    """
    known = meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))
    readings, aside = read_all(inventory, files, known, at)
    owned = [_owned(inventory, replace(reading, source=source or reading.source)) for reading in readings]
    with store.write() as connection:
        found = raw.append(connection, owned, at=at)
        firsts: dict[str, datetime] = {}
        for reading in owned:
            begin = reading.at or reading.start
            if begin is not None and (reading.resource not in firsts or begin < firsts[reading.resource]):
                firsts[reading.resource] = begin
        for resource, begin in sorted(firsts.items()):
            ownership = owner_of(inventory, resource)
            if ownership is not None:
                put_owner(connection, resource, local_day(begin), ownership)
        if found.accepted:
            after = {
                "files": sorted(files),
                "accepted": found.accepted,
                "duplicates": found.duplicates,
                "conflicts": found.conflicts,
            }
            audit.append(
                connection, at=now(), actor=who(), verb="usage-import", object=f"source:{source or 'csv'}", after=after
            )
    return Imported(found.accepted, found.duplicates, found.conflicts, found.set_aside + aside)


def _owned(inventory: Inventory, reading: Reading) -> Reading:
    ownership = owner_of(inventory, reading.resource)
    return replace(reading, member=ownership.label if ownership else (reading.member or UNASSIGNED))
