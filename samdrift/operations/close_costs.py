"""Close a month's costs: freeze what it is made of and what it gives, for ever (costs.md C1, C3, M8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from samdrift.adapters.clock import now
from samdrift.costs.documents import read_documents
from samdrift.model.chain import digest
from samdrift.model.cost import Blocking, MonthCost
from samdrift.model.errors import CouldNotObserve, Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import Viewer
from samdrift.operations.cost_exports import blocking_of_exports, export_digests
from samdrift.operations.cost_sources import DOCUMENTS, MAKERS, Computed, Sources, compute, todays_sources
from samdrift.operations.export_makers import makers, write_makers
from samdrift.operations.preview_costs import COST_POOLS, choose_agreement, preview_costs
from samdrift.operations.record_play import who
from samdrift.operations.unchanged_versions import require_unchanged
from samdrift.store import Store, audit
from samdrift.store.close_key import close_signer
from samdrift.store.closes import Close, changed_closes, close_month, closed_month, closes
from samdrift.store.lock import job_lock_of
from samdrift.store.usage import replace_days

ACCEPTABLE = {"estimated-above-limit": "estimated", "simulated": "simulated"}
"""Blocking codes that a stated reason lifts, and the name under which the reason is kept (M8)."""


@dataclass(frozen=True)
class ClosedMonth:
    """A close and the ledger that it froze; `close` is None when something blocked it, and `cost` says what."""

    close: Close
    cost: MonthCost


def close_costs(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    accepted: Mapping[str, str] | None = None,
) -> ClosedMonth:
    """Freeze an ended month of an agreement. Refused when it has not ended, is closed, is blocked, or the month before is open.

    `accepted` maps `estimated` or `simulated` to the reason why such readings may count; it is kept in the close and the audit chain.
    Closes of an agreement come one at a time: another one that runs is LockHeld (exit 75). The freezing is one transaction.
    """
    chosen = choose_agreement(inventory, agreement)
    reasons = {name: reason for name, reason in (accepted or {}).items() if reason}
    with job_lock_of(store, cost_lock(chosen), at=now()):
        sources, computed = _prepared(inventory, store, month, chosen, at)
        cost = lifted(computed.cost, reasons)
        if cost.blocking:
            first = cost.blocking[0]
            raise Refused(f"{first.code}: {first.text}", help=f"samdrift cost close --month {month} --dry-run shows all that blocks")
        close = _freeze(store, sources, replace(computed, cost=cost), at=at, reasons=reasons)
    return ClosedMonth(close, cost)


def cost_lock(agreement: str) -> str:
    """The lock of whoever closes, corrects, or books for an agreement."""
    return f"costs-{agreement}"


def _prepared(inventory: Inventory, store: Store, month: Month, agreement: str, at: datetime) -> tuple[Sources, Computed]:
    if at < month.end:
        raise Refused(f"{month} has not ended", help=f"samdrift cost preview --month {month} shows it so far")
    with store.read() as connection:
        before = [close.month for close in closes(connection, agreement)]
    if month in before:
        raise Refused(f"{month} of {agreement} is closed already", help=f"it stands for ever; look at it: samdrift report member --month {month}")
    if before and month < before[-1]:
        raise Refused(f"{month} of {agreement} lies before {before[-1]}, which is closed", help="months are closed in order")
    require_unchanged(inventory, store, agreement)
    sources = todays_sources(inventory, store, agreement, month)
    computed = compute(store, sources, agreement, month, at=at)
    computed = replace(computed, cost=_after(computed.cost, _left_open(inventory, sources, month, agreement, before)))
    more = blocking_of_exports(computed.cost, inventory, at=at)
    return sources, replace(computed, cost=replace(computed.cost, blocking=(*computed.cost.blocking, *more)))


def _left_open(inventory: Inventory, sources: Sources, month: Month, agreement: str, before: Sequence[Month]) -> Month | None:
    """The month that has to be closed first: the one after the last close.

    Without a close it is the first of a document that has ended before the month: closes go in order, so its öre would never be paid.
    """
    if before:
        return before[-1].next if before[-1].next < month else None
    names = {pool for each in inventory.agreements if each.id == agreement for pool in each.pools}
    files = {path: content for path, content in inventory.files.items() if path.startswith(COST_POOLS)}
    documents, _ = read_documents({**files, DOCUMENTS: sources.documents}, {pool for each in inventory.agreements for pool in each.pools})
    begun = [each.start for each in documents if each.pool in names and each.amount_ore and each.end <= month.first_day]
    return Month(min(begun).year, min(begun).month) if begun else None


def _after(cost: MonthCost, left: Month | None) -> MonthCost:
    """Blocked while an earlier month is left open."""
    if left is None:
        return cost
    return replace(cost, blocking=(Blocking("previous-month-open", f"{left} of {cost.agreement} is not closed"), *cost.blocking))


def _freeze(store: Store, sources: Sources, computed: Computed, *, at: datetime, reasons: Mapping[str, str]) -> Close:
    """One transaction: the roll-up, the ledger with its digests, the audit entry; a kill leaves all or nothing."""
    cost, usage = computed.cost, computed.usage
    month, frozen = cost.month, {**sources.frozen, MAKERS: write_makers(makers())}
    digests = {
        "rollup": computed.rollup_digest,
        "inventory": _listed_digest(sources.files),
        **{f"raw:{path}": sha256 for path, (_, sha256) in sources.parts.items() if f"/{month}-" in path},
        **export_digests(cost, sources.inventory, at=at),
    }
    with store.write() as connection:
        for meter in sorted({row.meter for row in usage.daily}):
            rows = [row for row in usage.daily if row.meter == meter]
            replace_days(connection, meter, first=month.first_day, last=month.days()[-1], rows=rows, owners={})
        close = close_month(
            connection, cost, at=at, by=who(), digests=digests, documents=frozen, accepted=reasons, sign=close_signer(store.state_dir)
        )  # fmt: skip
        audit.append(
            connection,
            at=now(),  # never --at: an entry cannot be dated back
            actor=who(),
            verb="cost-close",
            object=f"month:{cost.agreement}/{month}",
            members=sorted(total.member for total in cost.members),
            after={"digest": close.digest, "ledger": close.digests["ledger"], "accepted": dict(reasons)},
        )
    return close


def _listed_digest(files: Mapping[str, bytes]) -> str:
    return digest("".join(f"{digest(content)}  {path}\n" for path, content in sorted(files.items())).encode())


def preview_close(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    accepted: Mapping[str, str] | None = None,
) -> MonthCost:
    """What `close_costs` would freeze, from the stored readings; nothing is written."""
    chosen = choose_agreement(inventory, agreement)
    sources = todays_sources(inventory, store, chosen, month, texts=False)
    cost = compute(store, sources, chosen, month, at=at).cost
    with store.read() as connection:
        before = [close.month for close in closes(connection, chosen)]
    cost = _after(cost, _left_open(inventory, sources, month, chosen, before))
    return lifted(cost, {name: reason for name, reason in (accepted or {}).items() if reason})


def preview_open(
    inventory: Inventory,
    store: Store | None,
    month: Month,
    *,
    at: datetime,
    agreement: str | None,
    readings: Mapping[str, bytes],
    pools: Mapping[str, bytes],
) -> MonthCost:
    """A month from the files given, or else from the stored readings; without a store, from the inventory alone."""
    chosen = choose_agreement(inventory, agreement)
    if store is None:
        return preview_costs(inventory, month, at=at, agreement=chosen, readings=readings, pools=pools).cost
    require_unchanged(inventory, store, chosen)
    sources = todays_sources(inventory, store, chosen, month, texts=False)
    return compute(store, sources, chosen, month, at=at, readings=readings, pools=pools).cost


def lifted(cost: MonthCost, reasons: Mapping[str, str]) -> MonthCost:
    """Without the blocking that a stated reason lifts."""
    return replace(cost, blocking=tuple(block for block in cost.blocking if ACCEPTABLE.get(block.code) not in reasons))


def require_whole(store: Store, names: Iterable[str]) -> None:
    """CouldNotObserve when a close named `agreement/month` is not what was frozen."""
    with store.read() as connection:
        changed = set(changed_closes(connection)) & set(names)
    if changed:
        raise CouldNotObserve(f"{min(changed)} is not what was frozen", help="samdrift cost verify --month MONTH names what differs")


def show_closed(store: Store, agreement: str, month: Month, *, viewer: Viewer) -> ClosedMonth | None:
    """The closed ledger as the viewer may read it, or None when the month is open.

    Asked by operations (a report asks so first), the close is proven too: CouldNotObserve when it is not what was frozen.
    """
    with store.read() as connection:
        if viewer.role == "operations" and f"{agreement}/{month}" in changed_closes(connection):
            raise CouldNotObserve(f"{month} of {agreement} is not what was frozen", help=f"samdrift cost verify --month {month}")
        cost = closed_month(connection, agreement, month, viewer=viewer)
        close = next((each for each in closes(connection, agreement) if each.month == month), None)
    return ClosedMonth(close, cost) if cost is not None and close is not None else None
