"""Export a month's ledger in one format into a folder, as the viewer may read it (costs.md 4, E3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samdrift.adapters.files import make_folder, write_whole
from samdrift.model.errors import Refused, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month, rfc3339
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.operations.close_costs import preview_close, show_closed
from samdrift.operations.closed_books import booked_beside, frozen_inventory, ledger_of_booking, narrowed
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
    reader = _reader(viewer, member)
    ledgers = _ledgers(inventory, store, chosen, month, reader, at=at, draft=draft)
    made: dict[str, bytes] = {}
    warnings: tuple[str, ...] = ()
    for ledger in ledgers:
        warnings += _require(ledger, form, reader)
        made |= exports_of(ledger, (form,), text)
    if not made:
        warnings += (text("ledger.no-documents"),)
    make_folder(folder, mode=0o755)
    for name, content in made.items():
        write_whole(folder / name, content)
    return Exported(tuple(folder / name for name in made), any(each.draft for each in ledgers), warnings)


def _ledgers(inventory: Inventory, store: Store, agreement: str, month: Month, reader: Viewer, *, at: datetime, draft: bool) -> list[Ledger]:
    """The month's ledger, then one for each advance or settlement that shows in it: those are booked, so also while the month is open."""
    closed = show_closed(store, agreement, month, viewer=OPERATIONS)
    booked = booked_beside(store, agreement)
    shown = [each for each in booked if each.period == str(month)]
    if closed is None and not draft and not shown:
        raise Refused(f"{month} of {agreement} is not closed", help=f"samdrift cost close --month {month}, or add --draft")
    books = frozen_inventory(store, closed.close) if closed else inventory
    found = []
    if closed is not None:
        found.append(Ledger(narrowed(closed.cost, reader), books, closed.close.closed_at))
    elif draft:
        found.append(Ledger(narrowed(preview_close(inventory, store, month, at=at, agreement=agreement), reader), inventory, at, draft=True))
    for each in shown:
        paid = tuple(Month.parse(one.period) for one in booked if (one.kind, one.about) == ("advance", each.about)) if each.kind == "settlement" else ()
        found.append(Ledger(narrowed(ledger_of_booking(each), reader), books, each.at, part=each.kind, refers=paid))
    return found


def _reader(viewer: Viewer, member: str | None) -> Viewer:
    if member is None:
        return viewer
    if not viewer.sees(member):
        raise UnknownId("member", member)
    return member_viewer(member)


def _require(ledger: Ledger, form: ExportFormat, reader: Viewer) -> tuple[str, ...]:
    """The warnings of the format; WrongUse or Refused when it cannot be written."""
    if form == "sie":
        if reader.role == "member":
            raise WrongUse("SIE is the host's bookkeeping of all members", help="choose another format, or leave out --as and --member")
        if not ledger.accounts:
            raise WrongUse("the inventory has no accounts", help="write inventory/accounts.yml: which account each service is booked on")
        if not party_of(ledger, ledger.host).org_number:
            raise WrongUse(f"member {ledger.host} has no org_number", help="add it in members.yml: SIE names the company by it")
        made = sie_of(ledger)
        if made.blocking:
            raise Refused("; ".join(f"blocking[{each.code}]: {each.text}" for each in made.blocking), help="mend accounts.yml or the text")
        return made.warnings
    if form == "ubl" and (without := without_number(ledger)):
        raise WrongUse(f"no org_number of {', '.join(without)}", help="add it in members.yml: Peppol addresses a party by it")
    return ()


def exported_items(exported: Exported, month: Month, form: str, at: datetime) -> list[dict[str, str | bool]]:
    """JSON-ready rows: one a file."""
    return [{"file": str(path), "format": form, "month": str(month), "draft": exported.draft, "written_at": rfc3339(at)} for path in exported.files]
