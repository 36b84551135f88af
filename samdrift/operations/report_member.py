"""One member's monthly report, its sections given by the rooms (common.md 6 `report member`, interface.md U38)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samdrift import __version__
from samdrift.adapters.files import write_whole
from samdrift.costs.report import member_section
from samdrift.metering.report import usage_section
from samdrift.model.errors import Refused, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.section import Report, Section
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.operations.close_costs import ClosedMonth, preview_close, show_closed
from samdrift.operations.preview_costs import choose_agreement
from samdrift.operations.report_backups import backup_section
from samdrift.operations.report_compliance import compliance_of
from samdrift.operations.stored_usage import stored_usage
from samdrift.reports.csv_table import csv_table
from samdrift.reports.html import render_html
from samdrift.store import Store


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What was written for one member."""

    member: str
    month: Month
    closed: bool
    files: tuple[Path, ...]


def report_members(
    inventory: Inventory,
    store: Store,
    members: Iterable[str],
    month: Month,
    *,
    viewer: Viewer,
    at: datetime,
    text: Text,
    draft: bool = False,
    agreement: str | None = None,
) -> Iterator[Report]:
    """A report a member, of a closed month; of an open one only with `draft`, marked. A member's viewer gets its own alone.

    Raises Refused before the first report when the month is open and no draft is wanted.
    """
    chosen = choose_agreement(inventory, agreement)
    is_closed = show_closed(store, chosen, month, viewer=OPERATIONS) is not None
    if not is_closed and not draft:
        raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}, or add --draft")
    usage = stored_usage(inventory, store, month).usage
    open_cost = None if is_closed else preview_close(inventory, store, month, at=at, agreement=chosen)
    versions = {each.agreement.version: each for each in inventory.agreements if each.id == chosen}
    for member in members:
        if member not in inventory.members or not viewer.sees(member):
            raise UnknownId("member", member, [each for each in inventory.members if viewer.sees(each)])
        closed = show_closed(store, chosen, month, viewer=member_viewer(member))
        cost = closed.cost if closed else open_cost
        assert cost is not None
        sections = (
            member_section(cost, member, versions, inventory.members, text),
            usage_section(usage, frozenset({member}), text),
            backup_section(inventory, store, member, start=month.start, end=month.end, text=text),
            compliance_of(store, member, text=text, inventory=inventory, until=month.end),
        )
        yield _report(inventory, member, month, at, text, sections, closed)


def _report(
    inventory: Inventory,
    member: str,
    month: Month,
    at: datetime,
    text: Text,
    sections: tuple[Section, ...],
    closed: ClosedMonth | None,
) -> Report:
    name = inventory.members[member].name
    host = inventory.members[inventory.settings.host_organisation]
    contact = next((each.email for each in host.contacts if each.role == "economist"), host.contacts[0].email)
    status = text("report.closed") if closed else text("report.draft")
    return Report(
        id=f"{month}-{member}",
        title=text("report.member-title", member=name, month=month),
        language=text.language,
        says=f"{sections[0].sentences[0]} {status}",
        audience=text("report.member-audience", member=name),
        period=str(month),
        data_until=month.end,
        made_at=closed.close.closed_at if closed else at,
        method=text("report.member-method"),
        version=f"samdrift {__version__}",
        sections=sections,
        contact=contact,
        facts={text("report.close-digest"): closed.close.digest} if closed else {},
    )


def write_report(report: Report, member: str, month: Month, folder: Path, *, closed: bool, form: str) -> WrittenReport:
    """Write the report's files into the folder, each whole or not at all: one HTML, or a CSV a table."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "html":
        files = {folder / f"{report.id}.html": render_html(report)}
    else:
        files = {
            folder / f"{report.id}-{table.id}.csv": csv_table(table)
            for section in report.sections
            for table in section.tables
        }
    for path, content in sorted(files.items()):
        write_whole(path, content)
    return WrittenReport(member, month, closed, tuple(sorted(files)))
