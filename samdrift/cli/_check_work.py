"""The work behind check run: recorded, shown though nothing could be recorded, or tried before a change is live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from samdrift.cli.context import Context
from samdrift.model.errors import CouldNotObserve, CouldNotRecord, NoStore, SamdriftError, UnwritableStore, WrongUse

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.operations.check_compliance import Checked
    from samdrift.operations.plan_compliance import Wanted


def recorded(context: Context, inventory: Inventory | None, wanted: Wanted, subject: str) -> tuple[Checked, SamdriftError | None]:
    """The findings, recorded; with the error when the store takes or gives nothing (a full or read-only disk): they are shown all the same."""
    from samdrift.operations.check_compliance import check_compliance
    from samdrift.operations.record_checks import record

    try:
        opened = context.open_store(create=True)
    except (UnwritableStore, CouldNotRecord, CouldNotObserve) as error:
        return _unrecorded(context, inventory, wanted), CouldNotRecord(f"nothing was recorded: {error.message}", help=error.help)
    with opened as store:
        try:
            checked = check_compliance(inventory, wanted, store)
        except CouldNotObserve as error:
            return check_compliance(inventory, wanted), error
        try:
            return record(store, checked, subject=subject), None
        except (CouldNotRecord, CouldNotObserve) as error:
            return checked, error


def _unrecorded(context: Context, inventory: Inventory | None, wanted: Wanted) -> Checked:
    """The findings where nothing can be written, with what the store tells of the past if it can still be read."""
    from samdrift.operations.check_compliance import check_compliance

    try:
        with context.open_store() as store:
            return check_compliance(inventory, wanted, store)
    except (WrongUse, CouldNotObserve):
        return check_compliance(inventory, wanted)


def tried(context: Context, inventory: Inventory | None, wanted: Wanted, what: tuple[str | None, tuple[str, ...], tuple[str, ...]], *, no_store: bool) -> Checked:
    """A change judged before it is live; the store is read when there is one, never written."""
    from samdrift.operations.try_change import Proposal, try_change

    zonefile, ds, cds = what
    proposal = Proposal(Path(zonefile) if zonefile else None, ds, cds)
    try:
        opened = None if no_store else context.open_store()
    except NoStore:
        opened = None
    if opened is None:
        return try_change(inventory, wanted, proposal, None)
    with opened as store:
        return try_change(inventory, wanted, proposal, store)
