"""Report: what members read each month."""

from __future__ import annotations

from pathlib import Path

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.section import Column


@click.group()
def command() -> None:
    """Reports that members read.

    \b
    Examples:
      samdrift report member --month 2026-10 --member are --out reports
      samdrift report member --month 2026-10 --format csv --out reports
    """


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The month.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "csv"]),
    default="html",
    show_default=True,
    help="One HTML file, or a CSV a table.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="Folder to write into.",
)
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option("--draft", is_flag=True, help="Also of an open month, marked as a draft.")
@pass_context
def member(context: Context, month: str, form: str, out: Path, agreement: str | None, *, draft: bool) -> None:
    """Write each member's monthly report (all members, or the one of --member).

    \b
    Examples:
      samdrift report member --month 2026-10 --member are
      samdrift report member --month 2026-10 --format csv --lang en --out reports
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.report_member import report_members, write_report

    wanted = read_month(month)
    inventory = context.load_inventory()
    members = [
        each for each in sorted(inventory.members) if context.viewer.sees(each) and context.member in {None, each}
    ]
    written = []
    with context.open_store() as store:
        reports = report_members(
            inventory,
            store,
            members,
            wanted,
            viewer=context.viewer,
            at=context.at,
            text=context.text,
            draft=draft,
            agreement=agreement,
        )
        for each, report in zip(members, reports, strict=True):
            closed = bool(report.facts)
            written.append(write_report(report, each, wanted, out, closed=closed, form=form))
    text = context.text
    columns = [
        Column("member", text("report.member"), "id"),
        Column("closed", text("report.is-closed")),
        Column("files", text("report.files")),
    ]
    items = [
        {
            "member": each.member,
            "month": str(each.month),
            "closed": each.closed,
            "files": [str(path) for path in each.files],
        }
        for each in written
    ]
    context.emit(kind="samdrift/report", items=items, columns=columns)


@command.command()
@pass_context
def contracts(context: Context) -> None:
    """What ends when, and what could be bought together.

    \b
    Examples:
      samdrift report contracts
      samdrift report contracts --member krokom --output csv
    """
    from samdrift.operations.report_contracts import report_contracts

    inventory = context.load_inventory()
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
