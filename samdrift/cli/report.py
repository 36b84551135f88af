"""Report: what members read each month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.section import Report
    from samdrift.operations.write_report import ReportFormat


FORMS = ("html", "pdf", "csv", "json", "xlsx")
F = TypeVar("F", bound=Callable[..., Any])


def form_option(function: F) -> F:
    """`--format`: one file, or with csv one a table."""
    return click.option("--format", "form", type=click.Choice(FORMS), default="html", show_default=True, help="One file, or a CSV a table.")(function)


def out_option(function: F) -> F:
    """`--out`: the folder to write into."""
    option = click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True, metavar="DIR", help="Folder to write into.")
    return option(function)


def month_options(function: F) -> F:
    """`--month`, `--agreement` and `--draft` of a report of costs."""
    function = click.option("--draft", is_flag=True, help="Also of an open month, marked as a draft.")(function)
    function = click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")(function)
    return click.option("--month", required=True, metavar="YYYY-MM", help="The month.")(function)


@click.group()
def command() -> None:
    """Reports that members and the board read.

    \b
    Examples:
      samdrift report member --month 2026-10 --member are --draft --out reports
      samdrift report cooperation --format pdf --out reports
    """


@command.command()
@month_options
@form_option
@out_option
@pass_context
def member(context: Context, month: str, form: str, out: Path, agreement: str | None, *, draft: bool) -> None:
    """Write each member's monthly report (all members, or the one of --member).

    \b
    Examples:
      samdrift report member --month 2026-10 --member are --draft --out reports
      samdrift report member --month 2026-10 --format csv --draft --out reports
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.report_member import report_members
    from samdrift.operations.write_report import write_report

    wanted, inventory = read_month(month), context.load_inventory()
    members = [each for each in sorted(inventory.members) if context.viewer.sees(each) and context.member in {None, each}]
    items = []
    with context.open_store() as store:
        reports = report_members(inventory, store, members, wanted, viewer=context.viewer, at=context.at, text=context.text, draft=draft, agreement=agreement)
        for each, report in zip(members, reports, strict=True):
            files = write_report(report, out, cast("ReportFormat", form))
            items.append({"member": each, "month": str(wanted), "closed": bool(report.facts), "files": [str(path) for path in files]})
    text = context.text
    columns = [Column("member", text("report.member"), "id"), Column("closed", text("report.is-closed")), Column("files", text("report.files"))]
    context.emit(kind="samdrift/report", items=items, columns=columns)


@command.command()
@month_options
@form_option
@out_option
@pass_context
def board(context: Context, month: str, form: str, out: Path, agreement: str | None, *, draft: bool) -> None:
    """Write the board's monthly report: cost against budget, the members' shares, exceptions, and what is missing.

    \b
    Examples:
      samdrift report board --month 2026-10 --draft --out reports
      samdrift report board --month 2026-10 --format xlsx --draft --out reports
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.report_board import report_board

    wanted, inventory = read_month(month), context.load_inventory()
    with context.open_store() as store:
        report = report_board(inventory, store, wanted, viewer=context.viewer, at=context.at, text=context.text, draft=draft, agreement=agreement)
    _put(context, report, form, out)


@command.command()
@form_option
@out_option
@pass_context
def cooperation(context: Context, form: str, out: Path) -> None:
    """Write who co-operates with whom about what, from the inventory.

    \b
    Examples:
      samdrift report cooperation --out reports
      samdrift report cooperation --member krokom --format csv --out reports
    """
    from samdrift.operations.report_cooperation import report_cooperation

    report = report_cooperation(context.load_inventory(), viewer=context.viewer, at=context.at, text=context.text, member=context.member)
    _put(context, report, form, out)


def _put(context: Context, report: Report, form: str, out: Path) -> None:
    from samdrift.operations.write_report import write_report

    files = write_report(report, out, cast("ReportFormat", form))
    columns = [Column("report", context.text("report.title"), "id"), Column("files", context.text("report.files"))]
    context.emit(kind="samdrift/report-file", items=[{"report": report.id, "format": form, "files": [str(path) for path in files]}], columns=columns)


@command.command()
@click.option("--format", "form", type=click.Choice(FORMS), help="Write it as a report too, in this form.")
@out_option
@pass_context
def contracts(context: Context, form: str | None, out: Path) -> None:
    """What ends when, and what could be bought together; with --format as a report in a folder.

    \b
    Examples:
      samdrift report contracts
      samdrift report contracts --member krokom --output csv
    """
    from samdrift.operations.report_contracts import contracts_report, report_contracts

    inventory = context.load_inventory()
    if form is not None:
        _put(context, contracts_report(inventory, viewer=context.viewer, at=context.at, text=context.text, member=context.member), form, out)
        return
    found = report_contracts(inventory, viewer=context.viewer, at=context.at, member=context.member)
    text = context.text
    keys = ("id", "name", "kind", "supplier", "members", "services", "from_date", "until_date", "notice_date", "left_days", "extension", "value_ore", "status", "code", "message")
    columns = [
        Column("status", text("contract.status"), "state"),
        Column("id", text("contract.id"), "id"),
        Column("until_date", text("contract.until"), "date"),
        Column("notice_date", text("contract.notice"), "date"),
        Column("left_days", text("contract.left"), "integer"),
        Column("members", text("contract.members")),
        Column("supplier", text("contract.supplier")),
    ]
    if context.output == "csv":
        columns = [Column(key, key) for key in keys]
    siblings = {"together": list(found.together), "without_data_processing": list(found.missing)}
    context.emit(kind="samdrift/contract", items=found.contracts, columns=columns, siblings=siblings)
    if context.output == "table":
        for group in found.together:
            context.say(text("contract.together", what=group["what"], contracts=", ".join(group["contracts"]), members=", ".join(group["members"]), first=group["first_until_date"], last=group["last_until_date"]))
        for one in found.missing:
            context.say(text("contract.no-agreement", service=one["service"], operator=one["operator"]))
