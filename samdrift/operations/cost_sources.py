"""Cost sources: all that a month's split is made of, of today or as a close froze it, and the split itself (costs.md C1, C2, R4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from samdrift.adapters.files import read_tree
from samdrift.costs.booking_json import read_bookings, write_bookings
from samdrift.costs.corrections import APART, with_corrections
from samdrift.costs.documents import write_documents
from samdrift.inventory import load
from samdrift.metering.owners_json import read_owners, write_owners
from samdrift.model.chain import canonical, digest
from samdrift.model.cost import Blocking, MonthCost, PoolTotal
from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership
from samdrift.model.period import Month
from samdrift.model.quantity import exact
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.known_ids import known_ids
from samdrift.operations.measure_usage import MonthUsage
from samdrift.operations.preview_costs import preview_costs
from samdrift.operations.stored_usage import dated_owners, raw_parts, usage_of_parts
from samdrift.store import Store, raw
from samdrift.store.bookings import bookings
from samdrift.store.closes import Close, closed_month, closes, documents_of
from samdrift.store.cost_documents import documents

Owners = Mapping[tuple[str, date], Ownership]
DOCUMENTS, BOOKINGS, RAW, OWNERS = "store/cost-documents.csv", "store/corrections.json", "store/raw-parts", "store/owners.json"
"""Names under which a close freezes what comes from the store and not from the inventory's files."""
MAKERS = "store/makers.json"
"""The name under which it freezes what made its exports; closes from before that have none."""


@dataclass(frozen=True)
class Sources:
    """`files` are the inventory's texts; `documents` imported pool documents in CSV, `corrections` those that show in the month;
    `parts` raw parts as path → (meter, sha256); `owners` whose a resource was on a local day.
    """

    inventory: Inventory
    files: Mapping[str, bytes]
    documents: bytes
    corrections: bytes
    parts: Mapping[str, tuple[str, str]]
    owners: Owners

    @property
    def frozen(self) -> dict[str, bytes]:
        """Path → content of all that a close keeps."""
        listed = "".join(f"{sha256}  {meter}  {path}\n" for path, (meter, sha256) in sorted(self.parts.items()))
        return {**self.files, DOCUMENTS: self.documents, BOOKINGS: self.corrections, RAW: listed.encode(), OWNERS: write_owners(self.owners)}


@dataclass(frozen=True)
class Computed:
    """A month's split with the usage behind it."""

    cost: MonthCost
    usage: MonthUsage

    @property
    def rollup_digest(self) -> str:
        """The digest of the month's daily roll-up."""
        rows = [
            [str(row.day), row.meter, row.resource, row.member, row.quality.value, exact(row.quantity_base), exact(row.seconds)] for row in self.usage.daily
        ]
        return digest(canonical(sorted(rows)))


def todays_sources(inventory: Inventory, store: Store, agreement: str, month: Month, *, texts: bool = True) -> Sources:
    """What the month is made of now; `texts` reads the inventory's files, which only a close needs."""
    files = {path: content for path, content in read_tree(Path(inventory.root)).files.items() if not path.startswith("secrets/")} if texts else {}
    with store.read() as connection:
        shown = [each for each in bookings(connection, agreement, viewer=OPERATIONS) if each.kind == "correction" and each.period == str(month)]
        return Sources(
            inventory, files, write_documents(documents(connection, viewer=OPERATIONS)), write_bookings(shown), raw_parts(inventory, connection, month),
            dated_owners(connection, month),
        )  # fmt: skip


def frozen_sources(store: Store, close: Close) -> Sources:
    """What a closed month was made of."""
    with store.read() as connection:
        kept = documents_of(connection, close.agreement, close.month, viewer=OPERATIONS)
    files = {path: content for path, content in kept.items() if path not in {DOCUMENTS, BOOKINGS, RAW, OWNERS, MAKERS}}
    parts = parts_of(kept[RAW])
    inventory = load(files, root="frozen", known=known_ids(), at=close.closed_at, judged_before=True)
    return Sources(inventory, files, kept[DOCUMENTS], kept[BOOKINGS], parts, read_owners(kept[OWNERS]))


def parts_of(listed: bytes) -> dict[str, tuple[str, str]]:
    """Path → (meter, sha256) of the list that a close kept."""
    rows = (line.split("  ", 2) for line in listed.decode().splitlines())
    return {path: (meter, sha256) for sha256, meter, path in rows}


def compute(
    store: Store, sources: Sources, agreement: str, month: Month, *, at: datetime, usage_by: Sources | None = None, corrected: bool = True,
    readings: Mapping[str, bytes] | None = None, pools: Mapping[str, bytes] | None = None,
) -> Computed:  # fmt: skip
    """The month of the sources; `usage_by` gives parts and owners where those are of another day than the agreement (C4); `readings` and `pools` are CSV files that count for this run alone.

    Raw parts that are not what the manifest says block (`raw-changed`); then nothing is split.
    """
    measured = usage_by or sources
    with store.read() as connection:
        changed = raw.changed_among(connection, {path: sha256 for path, (_, sha256) in measured.parts.items()})
    usage = MonthUsage((), ()) if changed else usage_of_parts(measured.inventory, store, month, measured.parts, measured.owners, until=at)
    found = preview_costs(
        sources.inventory, month, at=at, agreement=agreement, readings=readings, pools={DOCUMENTS: sources.documents, **(pools or {})}, stored=usage,
        earlier=earlier_of(store, agreement, month),
    ).cost  # fmt: skip
    if changed:
        return Computed(_unreadable(found, changed), usage)
    return Computed(with_corrections(found, read_bookings(sources.corrections)) if corrected else found, usage)


def _unreadable(cost: MonthCost, changed: list[str]) -> MonthCost:
    blocking = tuple(Blocking("raw-changed", f"{path} is not what was stored") for path in changed)
    pools = tuple(PoolTotal(each.pool, each.amount_ore, 0, 0, each.amount_ore) for each in cost.pools)
    return replace(cost, lines=(), members=(), pools=pools, blocking=blocking, accumulated={})


def earlier_of(store: Store, agreement: str, month: Month) -> dict[str, dict[str, tuple[Fraction, int]]]:
    """pool → member → (exact, booked) of the calendar year's closed months before this one (R4); corrections do not count (5b)."""
    found: dict[str, dict[str, tuple[Fraction, int]]] = {}
    with store.read() as connection:
        before = [close.month for close in closes(connection, agreement) if close.month.year == month.year and close.month < month]
        for each in before:
            cost = closed_month(connection, agreement, each, viewer=OPERATIONS)
            if cost is not None:
                _add(found, cost)
    return found


def _add(found: dict[str, dict[str, tuple[Fraction, int]]], cost: MonthCost) -> None:
    booked: dict[tuple[str, str], int] = {}
    for line in cost.lines:
        if line.component not in {*APART, "base", "priced", "minimum"}:
            booked[line.pool, line.member] = booked.get((line.pool, line.member), 0) + line.amount_ore
    for pool, shares in cost.accumulated.items():
        for member, share in shares.items():
            exactly, ore = found.setdefault(pool, {}).get(member, (Fraction(0), 0))
            found[pool][member] = (exactly + share, ore + booked.pop((pool, member), 0))
    for (pool, member), ore in booked.items():
        exactly, before = found.setdefault(pool, {}).get(member, (Fraction(0), 0))
        found[pool][member] = (exactly, before + ore)
