"""Import readings from CSV into the store: all or nothing, the same file again adds nothing (costs.md 4, M6, M7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection

from samdrift.adapters.clock import now
from samdrift.metering.owners import owner_of
from samdrift.metering.registry import meters
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.period import local_day
from samdrift.model.problem import Place, Problem
from samdrift.model.reading import UNASSIGNED, Meter, Reading
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.import_owners import put_owners, refuse_moves
from samdrift.operations.preview_costs import read_all
from samdrift.operations.record_play import who
from samdrift.store import Store, audit, raw

LONGEST = timedelta(days=31)
"""The longest interval that is looked for among the stored ones."""


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
    placed, aside = read_all(inventory, files, known, at)
    owned = [_owned(inventory, replace(reading, source=source or reading.source)) for reading, _ in placed]
    with store.write() as connection:
        _refuse_overlaps(connection, owned, known)
        refuse_moves(connection, inventory, placed, known)
        found = raw.append(connection, owned, at=at)
        changed = put_owners(connection, inventory, owned)
        if found.accepted or changed:
            after = {
                "files": sorted(files),
                "accepted": found.accepted,
                "duplicates": found.duplicates,
                "conflicts": found.conflicts,
                "owners_put": len(changed),
                "owners_changed": [each for each in changed if "from" in each],
            }
            audit.append(
                connection, at=now(), actor=who(), verb="usage-import", object=f"source:{source or 'csv'}", after=after
            )
    return Imported(found.accepted, found.duplicates, found.conflicts, found.set_aside + aside)


def _refuse_overlaps(connection: Connection, readings: Sequence[Reading], known: Mapping[str, Meter]) -> None:
    """InvalidInventory when an interval overlaps another that is stored already, unless it is the same one (M5)."""
    wrong = []
    for meter in sorted({reading.meter for reading in readings if known[reading.meter].kind == "interval"}):
        given = [(one.resource, one.start, one.end) for one in readings if one.meter == meter and one.start and one.end]
        first, last = local_day(min(start for _, start, _ in given)) - LONGEST, local_day(max(end for _, _, end in given))
        kept: dict[str, list[tuple[datetime, datetime]]] = {}
        for one in raw.readings(connection, meter, viewer=OPERATIONS, first=first, last=last):
            if one.start and one.end:
                kept.setdefault(one.resource, []).append((one.start, one.end))
        for resource, start, end in given:
            other = next((each for each in kept.get(resource, ()) if each != (start, end) and start < each[1] and each[0] < end), None)
            if other is not None:
                text = f"{meter} of {resource} from {start.isoformat()} overlaps what is stored from {other[0].isoformat()} to {other[1].isoformat()}"
                wrong.append(Problem(Place("readings"), "overlap", text, "one quantity for one time: cut one of them"))
    if wrong:
        raise InvalidInventory(wrong, "the readings have")


def _owned(inventory: Inventory, reading: Reading) -> Reading:
    ownership = owner_of(inventory, reading.resource)
    return replace(reading, member=ownership.label if ownership else (reading.member or UNASSIGNED))
