"""Whose imported resources are: kept with a day, and never moved where readings are stored already (costs.md M7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection

from samdrift.metering.owners import owner_of
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership
from samdrift.model.period import local_day
from samdrift.model.problem import Place, Problem
from samdrift.model.reading import SHARED, Meter, Reading
from samdrift.model.viewer import OPERATIONS
from samdrift.store import raw
from samdrift.store.usage import owners, put_owner

HELP = "one member for a resource and day; another owner begins on a day after the last stored reading"


def refuse_moves(connection: Connection, inventory: Inventory, placed: Iterable[tuple[Reading, Place]], known: Mapping[str, Meter]) -> None:
    """InvalidInventory (`owner-mismatch`) at the first row of each resource that would give readings stored as one member's to another.

    Only resources that the inventory does not know; a later day without stored readings may have another owner.
    """
    wrong = []
    for resource, days in sorted(_first_places(inventory, placed).items()):
        stored = owners(connection, [resource], first=min(days), last=max(days))
        others = sorted(day for day, (member, _) in days.items() if (resource, day) in stored and stored[resource, day].label != member)
        held = _days_held(connection, resource, others[0], known) if others else frozenset()
        for day in others:
            moved = next((each for each in sorted(held) if day <= each and _same(connection, resource, day, each)), None)
            if moved is not None:
                member, place = days[day]
                text = f"{resource} is stored as {stored[resource, day].label}'s on {moved}, not as {member}'s"
                wrong.append(Problem(place, "owner-mismatch", text, HELP))
                break
    if wrong:
        raise InvalidInventory(sorted(wrong, key=lambda problem: problem.sort_key), "the readings have")


def _first_places(inventory: Inventory, placed: Iterable[tuple[Reading, Place]]) -> dict[str, dict[date, tuple[str, Place]]]:
    """Resource → local day → the member named and the first row that names it."""
    found: dict[str, dict[date, tuple[str, Place]]] = {}
    for reading, place in placed:
        begin = reading.at or reading.start
        if begin is not None and _named(inventory, reading.member) and owner_of(inventory, reading.resource) is None:
            found.setdefault(reading.resource, {}).setdefault(local_day(begin), (reading.member, place))
    return found


def _days_held(connection: Connection, resource: str, first: date, known: Collection[str]) -> frozenset[date]:
    """The local days from `first` on with a stored reading of the resource, of any meter."""
    begun = (
        reading.at or reading.start
        for meter in sorted(known)
        for reading in raw.readings(connection, meter, viewer=OPERATIONS, first=first, last=date.max)
        if reading.resource == resource
    )
    return frozenset(local_day(begin) for begin in begun if begin is not None)


def _same(connection: Connection, resource: str, day: date, later: date) -> bool:
    """Whether one owner holds from the day to the later one, so that another owner on the day would take both."""
    return len({each.label for each in owners(connection, [resource], first=day, last=later).values()}) == 1


def put_owners(connection: Connection, inventory: Inventory, owned: Iterable[Reading]) -> list[dict[str, str]]:
    """Keep whose each resource is from which day on; gives each change: resource, day, member, and `from` whose it was.

    The inventory's owner counts from the first reading on, where none is kept; else the file's `member` on each day that has one (M7).
    """
    changes = []
    for resource, days in sorted(_by_day(inventory, owned).items()):
        kept = owners(connection, [resource], first=min(days), last=max(days))
        last = None
        for day, ownership in sorted(days.items()):
            before = kept.get((resource, day))
            same = before is not None and before.label == ownership.label
            stays = before is not None if owner_of(inventory, resource) is not None else same
            if (stays and last in {None, ownership.label}) or (before is None and last == ownership.label):
                continue
            was, last = last or (before.label if before else None), ownership.label
            if put_owner(connection, resource, day, ownership):
                changes.append({"resource": resource, "day": day.isoformat(), "member": ownership.label} | ({"from": was} if was else {}))
    return changes


def _by_day(inventory: Inventory, owned: Iterable[Reading]) -> dict[str, dict[date, Ownership]]:
    """Resource → local day with a reading → whose it is: the inventory's word, else the file's `member`."""
    found: dict[str, dict[date, Ownership]] = {}
    for reading in owned:
        ownership = owner_of(inventory, reading.resource) or _named(inventory, reading.member)
        begin = reading.at or reading.start
        if begin is not None and ownership is not None:
            found.setdefault(reading.resource, {})[local_day(begin)] = ownership
    return found


def _named(inventory: Inventory, member: str) -> Ownership | None:
    """Whose a row says that its resource is: a member's, or with `shared` everybody's; None when it does not say."""
    if member == SHARED:
        return Ownership.of(None, tuple(sorted(inventory.members)))
    return Ownership.of(member, None) if member in inventory.members else None
