"""Verify a closed month: compute it anew from raw readings and what the close froze, to the same bytes (costs.md C2)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.operations.close_costs import lifted
from samdrift.operations.cost_exports import export_digests
from samdrift.operations.cost_sources import Computed, compute, frozen_sources
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store, raw
from samdrift.store.close_key import signature_fault
from samdrift.store.closes import Close, changed_closes, closes, ledger_digest


@dataclass(frozen=True, slots=True)
class Verified:
    """What differs from what was closed (nothing, when it is whole), its digest, and the public key that signed it."""

    faults: tuple[str, ...]
    digest: str
    signed_by: str | None


def verify_costs(store: Store, inventory: Inventory, month: Month, *, agreement: str | None = None) -> Verified:
    """Recompute one closed month. Raises Refused when it is not closed."""
    chosen = choose_agreement(inventory, agreement)
    with store.read() as connection:
        close = next((each for each in closes(connection, chosen) if each.month == month), None)
        if close is None:
            raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}")
        touched = [name for name in changed_closes(connection) if name.startswith(f"{chosen}/")]
    return Verified(verify_close(store, close, touched), close.digest, close.signer)


def verify_close(store: Store, close: Close, touched: list[str]) -> tuple[str, ...]:
    """What differs in a close at hand; `touched` names closes whose rows are not what was frozen."""
    faults = [f"{name} is not what was frozen" for name in touched]
    if wrong := signature_fault(close):
        faults.append(wrong)
    if f"{close.agreement}/{close.month}" in touched:
        return tuple(faults)  # what it was made of cannot be trusted either
    sources = frozen_sources(store, close)
    with store.read() as connection:
        changed = raw.changed_among(connection, {path: sha256 for path, (_, sha256) in sources.parts.items()})
    if changed:
        return (*faults, *(f"raw-changed: {path}" for path in changed))
    found = compute(store, sources, close.agreement, close.month, at=close.closed_at)
    return (
        *faults,
        *_differences(
            close,
            Computed(lifted(found.cost, close.accepted), found.usage),
            export_digests(found.cost, sources.inventory, at=close.closed_at),
        ),
    )


def _differences(close: Close, found: Computed, exports: dict[str, str]) -> list[str]:
    now = {"ledger": ledger_digest(found.cost), "rollup": found.rollup_digest, **exports}
    frozen = {
        name: value
        for name, value in close.digests.items()
        if name in {"ledger", "rollup"} or name.startswith("export:")
    }
    return [
        f"the {name.replace('export:', 'export ')} of {close.month} computed anew differs from the closed one"
        for name in sorted({*now, *frozen})
        if now.get(name) != frozen.get(name)
    ]
