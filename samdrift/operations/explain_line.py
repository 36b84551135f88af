"""Explain a line: from its öre to key, share, quantity, samples (file, row, sha256) and documents (costs.md 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from samdrift.costs.documents import read_placed, write_documents
from samdrift.costs.explain_step import Step
from samdrift.costs.explanation import LineGround, explain
from samdrift.costs.participation import Participation, versions_in
from samdrift.costs.quality import meters_of
from samdrift.inventory import inventory_of, judge
from samdrift.metering.registry import meters
from samdrift.model.cost import Booking, CostLine, MonthCost
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage, Meter
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.operations.cost_sources import DOCUMENTS, RAW, Sources, compute, earlier_of, parts_of, todays_sources
from samdrift.operations.known_ids import known_ids
from samdrift.operations.preview_costs import COST_POOLS, choose_agreement, preview_costs
from samdrift.store import Store
from samdrift.store.bookings import bookings
from samdrift.store.closes import Close, closed_month, closes, documents_of
from samdrift.store.member_days import member_days
from samdrift.store.sample_rows import SampleRow, sample_rows
from samdrift.store.usage import daily

NOUNS = re.compile(rb"(?m)^(plugin|members|agreement|prices|populations|meters|services)\s*:")
"""The files that a split reads; the others need not be read to explain it."""


@dataclass(frozen=True)
class Explained:
    """A line, its steps, and the samples behind its quantity: of the member's own resources alone."""

    line: CostLine
    closed: bool
    steps: tuple[Step, ...]
    samples: tuple[SampleRow, ...]
    samples_in_all: int


@dataclass(frozen=True)
class _Month:
    cost: MonthCost
    inventory: Inventory
    pools: Mapping[str, bytes]
    parts: Mapping[str, tuple[str, str]]
    daily: tuple[DailyUsage, ...] | None
    closed: bool


def explain_line(
    load: Callable[[], Inventory], store: Store | None, name: str, *, viewer: Viewer, at: datetime, agreement: str | None = None, limit: int = 200
) -> Explained:
    """UnknownId when there is no such line, or the viewer may not see it: the words are the same.

    `load` gives today's inventory; a closed line rests on what its close froze, and does without.
    """
    try:
        month = Month.parse(name.split("/", 1)[0])
    except ValueError:
        raise WrongUse(f"{name!r} is no line", help="a line begins with its month: 2026-10/joint-hall/are/used") from None
    closed = _closed(store, agreement, month) if store is not None else None
    if closed is not None:
        ground_of, chosen = closed, closed.cost.agreement
    else:
        inventory = load()
        chosen = choose_agreement(inventory, agreement)
        ground_of = _without_store(inventory, chosen, month, at) if store is None else _open(inventory, store, chosen, month, at)
    lines = {line.line: line for line in ground_of.cost.lines if viewer.sees(line.member)}
    line = lines.get(name)
    if line is None:
        raise UnknownId("line", name, lines)
    ground = _ground(store, chosen, ground_of, line)
    wanted = _meters(ground, line)
    found: tuple[SampleRow, ...] = ()
    total = 0
    if store is not None:
        resources = _resources(store, ground_of, line, wanted)
        with store.read() as connection:
            found, total = sample_rows(connection, ground_of.parts, resources, wanted, month, limit=limit)
    return Explained(line, ground_of.closed, explain(line, ground), found, total)


def _closed(store: Store, agreement: str | None, month: Month) -> _Month | None:
    """The month as it was closed under the agreement, or under the only one whose month is closed when none is named."""
    with store.read() as connection:
        found: list[Close] = [each for each in closes(connection, agreement) if each.month == month]
        if len(found) != 1:
            return None
        close = found[0]
        cost = closed_month(connection, close.agreement, month, viewer=OPERATIONS)
        if cost is None:
            return None
        kept = documents_of(connection, close.agreement, month, viewer=OPERATIONS)
    texts = {path: content for path, content in kept.items() if not path.startswith("store/") and (path.startswith(COST_POOLS) or NOUNS.search(content))}
    then = inventory_of(judge(texts, root="frozen", known=known_ids(), at=close.closed_at, judged_before=True))
    return _Month(cost, then, _pools(then, kept[DOCUMENTS]), parts_of(kept[RAW]), None, closed=True)


def _open(inventory: Inventory, store: Store, agreement: str, month: Month, at: datetime) -> _Month:
    sources: Sources = todays_sources(inventory, store, agreement, month, texts=False)
    computed = compute(store, sources, agreement, month, at=at)
    return _Month(computed.cost, inventory, _pools(inventory, sources.documents), sources.parts, computed.usage.daily, closed=False)


def _without_store(inventory: Inventory, agreement: str, month: Month, at: datetime) -> _Month:
    cost = preview_costs(inventory, month, at=at, agreement=agreement).cost
    return _Month(cost, inventory, _pools(inventory, write_documents(())), {}, (), closed=False)


def _pools(inventory: Inventory, imported: bytes) -> dict[str, bytes]:
    own = {path: content for path, content in inventory.files.items() if path.startswith(COST_POOLS)}
    return {**own, DOCUMENTS: imported}


def _ground(store: Store | None, agreement: str, month: _Month, line: CostLine) -> LineGround:
    inventory = month.inventory
    known = meters(inventory.all("meters"))
    placed, _ = read_placed(month.pools, {pool for each in inventory.agreements for pool in each.pools})
    versions = tuple(each for each in versions_in(inventory.agreements, agreement, month.cost.month) if line.pool in each.agreement.pools)
    booked = _booked(store, agreement)
    earlier = earlier_of(store, agreement, month.cost.month) if store is not None else {}
    ground = LineGround(
        month.cost, placed, versions, Participation(inventory.members), inventory.by_id("populations"), inventory.prices, {}, {},
        earlier, booked,
    )  # fmt: skip
    wanted = _meters(ground, line)
    rows = _summed(store, month, wanted) if wanted else ()
    return LineGround(
        ground.cost, placed, versions, ground.participation, ground.populations, ground.prices, _use(rows, known, ground, line), _by_day(rows, known, line),
        ground.earlier, booked,
    )  # fmt: skip


def _booked(store: Store | None, agreement: str) -> tuple[Booking, ...]:
    if store is None:
        return ()
    with store.read() as connection:
        return bookings(connection, agreement, viewer=OPERATIONS)


def _meters(ground: LineGround, line: CostLine) -> set[str]:
    if line.component in {"priced", "minimum"}:
        item = line.line.rsplit("/", 1)[1]
        return {row.meter for row in ground.prices if row.id == item and row.meter}
    if line.component in {"key", "used", "idle"}:
        return set().union(*(meters_of(line.pool, version.agreement, ()) for version in ground.versions))
    return set()


def _summed(store: Store | None, month: _Month, wanted: set[str]) -> tuple[DailyUsage, ...]:
    """Use per day and member, of all: their sums are open to all members, the resources are not (E3)."""
    if month.daily is not None or store is None:
        return tuple(row for row in month.daily or () if row.meter in wanted)
    days = month.cost.month.days()
    with store.read() as connection:
        return tuple(member_days(connection, viewer=OPERATIONS, first=days[0], last=days[-1], meters=wanted))


def _own(store: Store | None, month: _Month, wanted: set[str], member: str) -> tuple[DailyUsage, ...]:
    """The daily rows of one member's resources."""
    if month.daily is not None or store is None:
        return tuple(row for row in month.daily or () if row.meter in wanted and row.member == member)
    days = month.cost.month.days()
    with store.read() as connection:
        found = (row for meter in sorted(wanted) for row in daily(connection, viewer=member_viewer(member), first=days[0], last=days[-1], meter=meter))
        return tuple(row for row in found if row.member == member)


def _use(rows: tuple[DailyUsage, ...], known: Mapping[str, Meter], ground: LineGround, line: CostLine) -> dict[str, dict[str, Fraction]]:
    """meter → member → priced units on the days on which it takes part."""
    taking = {member: set(days) for member, days in ground.participation.over(ground.versions, line.pool).items()}
    found: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        if row.day in taking.get(row.member, ()):
            own = found.setdefault(row.meter, {})
            own[row.member] = own.get(row.member, Fraction(0)) + row.quantity_base / known[row.meter].per_priced
    return found


def _by_day(rows: tuple[DailyUsage, ...], known: Mapping[str, Meter], line: CostLine) -> dict[str, dict[object, Fraction]]:
    found: dict[str, dict[object, Fraction]] = {}
    for row in rows:
        if row.member == line.member:
            own = found.setdefault(row.meter, {})
            own[row.day] = own.get(row.day, Fraction(0)) + row.quantity_base / known[row.meter].per_priced
    return found


def _resources(store: Store | None, month: _Month, line: CostLine, wanted: set[str]) -> dict[str, tuple[date, ...]]:
    """The member's own resources on the meters, with nobody else's; day by day, for an owner may change."""
    found: dict[str, list[date]] = {}
    for row in _own(store, month, wanted, line.member) if wanted else ():
        found.setdefault(row.resource, []).append(row.day)
    return {resource: tuple(days) for resource, days in sorted(found.items())}
