"""Verify a closed month: compute it anew from raw readings and what the close froze, to the same bytes (costs.md C2)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.close_costs import lifted
from samdrift.operations.cost_exports import export_digests
from samdrift.operations.cost_sources import MAKERS, Computed, compute, frozen_sources
from samdrift.operations.export_makers import comparable, format_bound
from samdrift.operations.ledger_exports import FORMATS, ExportFormat
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store, raw
from samdrift.store.close_key import signature_fault
from samdrift.store.closes import Close, changed_closes, closes, documents_of, ledger_digest


@dataclass(frozen=True, slots=True)
class Verified:
    """What differs from what was closed (nothing, when it is whole), its digest, and the public key that signed it.

    `not_compared` are the formats whose exports other versions of programs made than those here: their bytes prove nothing (C2).
    """

    faults: tuple[str, ...]
    digest: str
    signed_by: str | None
    not_compared: tuple[str, ...] = ()


def verify_costs(store: Store, inventory: Inventory, month: Month, *, agreement: str | None = None) -> Verified:
    """Recompute one closed month. Raises Refused when it is not closed."""
    chosen = choose_agreement(inventory, agreement)
    with store.read() as connection:
        close = next((each for each in closes(connection, chosen) if each.month == month), None)
        if close is None:
            raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}")
        touched = [name for name in changed_closes(connection) if name.startswith(f"{chosen}/")]
        kept = documents_of(connection, chosen, month, viewer=OPERATIONS).get(MAKERS)
    forms = FORMATS if touched else comparable(kept)
    made = {format_bound(name) for name in close.digests if name.startswith("export:")}
    apart = tuple(form for form in FORMATS if form in made and form not in forms)
    return Verified(verify_close(store, close, touched, forms), close.digest, close.signer, apart)


def verify_close(store: Store, close: Close, touched: list[str], forms: tuple[ExportFormat, ...]) -> tuple[str, ...]:
    """What differs in a close at hand; `touched` names closes whose rows are not what was frozen, `forms` the exports to compare."""
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
    computed = compute(store, sources, close.agreement, close.month, at=close.closed_at)
    found = Computed(lifted(computed.cost, close.accepted), computed.usage)
    return (
        *faults,
        *_differences(
            close,
            found,
            export_digests(found.cost, sources.inventory, at=close.closed_at, formats=forms),
            forms,
        ),
    )


def _differences(close: Close, found: Computed, exports: dict[str, str], forms: tuple[ExportFormat, ...]) -> list[str]:
    now = {"ledger": ledger_digest(found.cost), "rollup": found.rollup_digest, **exports}
    frozen = {
        name: value
        for name, value in close.digests.items()
        if name in {"ledger", "rollup"} or (name.startswith("export:") and format_bound(name) in {None, *forms})
    }
    return [
        f"the {name.replace('export:', 'export ')} of {close.month} computed anew differs from the closed one"
        for name in sorted({*now, *frozen})
        if now.get(name) != frozen.get(name)
    ]
