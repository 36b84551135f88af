"""Import readings from CSV into the store: all or nothing, the same file again adds nothing (costs.md 4, M6, M7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Connection

from samdrift.adapters.clock import now
from samdrift.metering.owners import owner_of
from samdrift.metering.registry import meters
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.ownership import Ownership
from samdrift.model.period import EPOCH, local_day
from samdrift.model.problem import Place, Problem
from samdrift.model.reading import UNASSIGNED, Meter, Reading
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.preview_costs import read_all
from samdrift.operations.record_play import who
from samdrift.store import Store, audit, raw
from samdrift.store.usage import owners, put_owner

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
    readings, aside = read_all(inventory, files, known, at)
    owned = [_owned(inventory, replace(reading, source=source or reading.source)) for reading in readings]
    with store.write() as connection:
        _refuse_overlaps(connection, owned, known)
        found = raw.append(connection, owned, at=at)
        for resource, day, ownership in _dated(inventory, owned):
            if owner_of(inventory, resource) is None or not owners(connection, [resource], first=day, last=day):
                put_owner(connection, resource, day, ownership)
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


def _dated(inventory: Inventory, owned: Iterable[Reading]) -> list[tuple[str, date, Ownership]]:
    """Whose each resource is from which day: the inventory's owner from the first reading on, else the file's `member` whenever it changes (M7)."""
    found: list[tuple[str, date, Ownership]] = []
    last: dict[str, Ownership] = {}
    begun = sorted(((reading.at or reading.start, reading) for reading in owned), key=lambda pair: (pair[0] or EPOCH, pair[1].resource))
    for begin, reading in begun:
        known = owner_of(inventory, reading.resource)
        ownership = known or (Ownership.of(reading.member, None) if reading.member in inventory.members else None)
        if begin is not None and ownership is not None and last.get(reading.resource) != ownership:
            last[reading.resource] = ownership
            found.append((reading.resource, local_day(begin), ownership))
    return found


def _owned(inventory: Inventory, reading: Reading) -> Reading:
    ownership = owner_of(inventory, reading.resource)
    return replace(reading, member=ownership.label if ownership else (reading.member or UNASSIGNED))
