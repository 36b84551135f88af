"""Export a month's ledger in one format into a folder, as the viewer may read it (costs.md 4, E3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from samdrift.adapters.files import write_whole
from samdrift.model.errors import Refused, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month, rfc3339
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.operations.close_costs import preview_close, show_closed
from samdrift.operations.closed_books import frozen_inventory, narrowed
from samdrift.operations.ledger_exports import (
    SWEDISH,
    ExportFormat,
    Ledger,
    exports_of,
    party_of,
    sie_of,
    without_number,
)
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store


@dataclass(frozen=True)
class Exported:
    """What was written, and what a reader should know of it."""

    files: tuple[Path, ...]
    draft: bool
    warnings: tuple[str, ...] = ()


def export_costs(
    inventory: Inventory, store: Store, month: Month, form: ExportFormat, folder: Path, *,
    viewer: Viewer, at: datetime, agreement: str | None = None, member: str | None = None, draft: bool = False, text: Text = SWEDISH,
) -> Exported:  # fmt: skip
    """Write one format into the folder, each file whole or not at all; of an open month only with `draft`, marked.

    A member's viewer, or `member`, gets that member's lines and documents; SIE is the host's bookkeeping and operations' alone.
    Refused when the month is open, or with everything that keeps the format from being written.
    """
    chosen = choose_agreement(inventory, agreement)
    closed = show_closed(store, chosen, month, viewer=OPERATIONS)
    if closed is None and not draft:
        raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}, or add --draft")
    cost = closed.cost if closed else preview_close(inventory, store, month, at=at, agreement=chosen)
    books = frozen_inventory(store, chosen, month, at=closed.close.closed_at) if closed else inventory
    ledger = Ledger(narrowed(cost, _reader(viewer, member)), books, closed.close.closed_at if closed else at, closed is None)
    warnings = _require(ledger, form, viewer, member)
    made = exports_of(ledger, (form,), text)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        write_whole(folder / name, content)
    return Exported(tuple(folder / name for name in made), closed is None, warnings)


def _reader(viewer: Viewer, member: str | None) -> Viewer:
    if member is None:
        return viewer
    if not viewer.sees(member):
        raise UnknownId("member", member)
    return member_viewer(member)


def _require(ledger: Ledger, form: ExportFormat, viewer: Viewer, member: str | None) -> tuple[str, ...]:
    """The warnings of the format; WrongUse or Refused when it cannot be written."""
    if form == "sie":
        if viewer.role == "member" or member is not None:
            raise WrongUse("SIE is the host's bookkeeping of all members", help="choose another format, or leave out --as and --member")
        if not ledger.accounts:
            raise WrongUse("the inventory has no accounts", help="write inventory/accounts.yml: which account each service is booked on")
        if not party_of(ledger, ledger.host).org_number:
            raise WrongUse(f"member {ledger.host} has no org_number", help="add it in members.yml: SIE names the company by it")
        made = sie_of(ledger)
        if made.blocking:
            raise Refused("; ".join(f"blocking[{each.code}]: {each.text}" for each in made.blocking), help="mend accounts.yml or the text")
        return made.warnings
    if form == "ubl":
        without = without_number(ledger)
        if without:
            raise WrongUse(f"no org_number of {', '.join(without)}", help="add it in members.yml: Peppol addresses a party by it")
        if not ledger.documents:
            return (SWEDISH("ledger.no-documents"),)
    return ()


def exported_items(exported: Exported, month: Month, form: str, at: datetime) -> list[dict[str, Any]]:
    """JSON-ready rows: one a file."""
    return [{"file": str(path), "format": form, "month": str(month), "draft": exported.draft, "written_at": rfc3339(at)} for path in exported.files]
