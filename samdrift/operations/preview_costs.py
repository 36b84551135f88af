"""Preview a month's costs: from the inventory's agreements, documents and readings to lines; nothing is stored (costs.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from samdrift.costs.allocation import CostInput, allocate
from samdrift.costs.documents import read_documents
from samdrift.costs.rounding import Earlier
from samdrift.metering.owners import owner_of
from samdrift.metering.readings_csv import read_readings
from samdrift.metering.registry import meters
from samdrift.model.cost import MonthCost
from samdrift.model.errors import InvalidInventory, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.period import Month, local_day
from samdrift.model.problem import Place, Problem
from samdrift.model.reading import SHARED, Meter, Reading, Usage
from samdrift.operations.measure_usage import MonthUsage, measure_usage

COST_POOLS = "cost-pools/"


@dataclass(frozen=True)
class Preview:
    """The split of one agreement, the usage behind it, and how many readings were replayed or set aside."""

    cost: MonthCost
    usage: tuple[Usage, ...]
    readings: int
    set_aside: int


def preview_costs(
    inventory: Inventory,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    readings: Mapping[str, bytes] | None = None,
    pools: Mapping[str, bytes] | None = None,
    stored: MonthUsage | None = None,
    earlier: Mapping[str, Earlier] | None = None,
) -> Preview:
    """One month of one agreement (the only one, when none is named). `readings` and `pools` are CSV files that count for this run.

    Raises InvalidInventory with every bad row at its place.
    """
    chosen = choose_agreement(inventory, agreement)
    known = meters(cast("tuple[MeterRow, ...]", inventory.all("meters")))
    placed, aside = read_all(inventory, readings or {}, known, at)
    taken = tuple(reading for reading, _ in placed)
    usage = measure_usage(inventory, month, known, taken, until=at) if taken or stored is None else stored
    given = cost_input(inventory, month, chosen, usage, known, pools or {}, earlier or {})
    return Preview(allocate(given), usage.usage, len(taken), aside)


def choose_agreement(inventory: Inventory, agreement: str | None) -> str:
    """The agreement's id as given, or the only one there is."""
    ids = sorted({each.id for each in inventory.agreements})
    if agreement is None and len(ids) == 1:
        return ids[0]
    if agreement is None:
        raise WrongUse("there are several agreements", help=f"name one with --agreement: {', '.join(ids)}")
    if agreement not in ids:
        raise UnknownId("agreement", agreement, ids)
    return agreement


def read_all(
    inventory: Inventory, files: Mapping[str, bytes], known: Mapping[str, Meter], at: datetime
) -> tuple[tuple[tuple[Reading, Place], ...], int]:
    """All readings of the CSV files, each with the place of its row, all or nothing; and how many lie in the future."""
    found: list[tuple[Reading, Place]] = []
    problems: list[Problem] = []
    named: dict[tuple[str, date], str] = {}
    aside = 0
    for name, content in sorted(files.items()):
        readings, late, wrong = read_readings(content, name, known, inventory.members, f"csv:{name}", at)
        found += readings
        aside += late
        problems += wrong
        problems += _owner_mismatches(inventory, readings)
        problems += _two_members(inventory, readings, named)
    if problems:
        raise InvalidInventory(sorted(problems, key=lambda problem: problem.sort_key), "the readings have")
    return tuple(found), aside


def _owner_mismatches(inventory: Inventory, readings: Iterable[tuple[Reading, Place]]) -> list[Problem]:
    wrong: dict[str, Problem] = {}
    for reading, place in readings:
        ownership = owner_of(inventory, reading.resource)
        if (
            reading.member
            and ownership is not None
            and reading.member not in {ownership.label, SHARED, *ownership.members}
        ):
            text = f"{reading.resource} belongs to {ownership.label} in the inventory, not to {reading.member}"
            problem = Problem(place, "owner-mismatch", text, "leave member empty, or mend the inventory")
            wrong.setdefault(reading.resource, problem)
    return list(wrong.values())


def _two_members(
    inventory: Inventory, readings: Iterable[tuple[Reading, Place]], named: dict[tuple[str, date], str]
) -> list[Problem]:
    """A resource that is not in the inventory has one member a day; else the order of rows would say who pays (M7, X3)."""
    wrong: dict[str, Problem] = {}
    for reading, place in readings:
        begin = reading.at or reading.start
        if not reading.member or begin is None or owner_of(inventory, reading.resource) is not None:
            continue
        day = local_day(begin)
        other = named.setdefault((reading.resource, day), reading.member)
        if other != reading.member:
            both = " and ".join(sorted((other, reading.member)))
            text = f"{reading.resource} is given to {both} on {day}"
            problem = Problem(place, "owner-mismatch", text, "one member for a resource and day")
            wrong.setdefault(reading.resource, problem)
    return list(wrong.values())


def cost_input(
    inventory: Inventory,
    month: Month,
    agreement: str,
    usage: MonthUsage,
    known: Mapping[str, Meter],
    pools: Mapping[str, bytes],
    earlier: Mapping[str, Earlier],
) -> CostInput:
    """Everything the split depends on, read from the inventory and the extra pool files."""
    names = {pool for each in inventory.agreements if each.id == agreement for pool in each.pools}
    elsewhere = {pool for each in inventory.agreements for pool in each.pools}
    files = {
        f"{inventory.root}/{path}": content for path, content in inventory.files.items() if path.startswith(COST_POOLS)
    }
    documents, problems = read_documents({**files, **pools}, elsewhere, inventory.agreements)
    if problems:
        raise InvalidInventory(problems, "the cost documents have")
    return CostInput(
        month=month,
        agreement=agreement,
        agreements=inventory.agreements,
        members=inventory.members,
        services=inventory.services,
        populations=inventory.by_id("populations"),
        prices=inventory.prices,
        documents=tuple(document for document in documents if document.pool in names),
        meters=known,
        daily=usage.daily,
        usage=usage.usage,
        earlier=earlier,
    )
