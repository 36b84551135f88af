"""`cost export`: a closed month's ledger for other programs; its own file because `cost` has many verbs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.operations.ledger_exports import ExportFormat

FORMS = ("csv", "json", "focus-csv", "focus-parquet", "sie", "ubl", "xlsx", "pdf")


@click.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The closed month.")
@click.option("--format", "form", type=click.Choice(FORMS), required=True, help="What to write.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="Folder to write into.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option("--draft", is_flag=True, help="Also of an open month, marked as a draft.")
@pass_context
def export(context: Context, month: str, form: str, folder: Path, agreement: str | None, *, draft: bool) -> None:
    """Write a closed month's ledger and invoice basis for other programs: the same sums in every format.

    \b
    Examples:
      samdrift cost export --month 2026-10 --format xlsx --draft --to exports
      samdrift cost export --month 2026-10 --format csv --draft --to exports
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.export_costs import export_costs, exported_items

    wanted, inventory = read_month(month), context.load_inventory()
    with context.open_store() as store:
        exported = export_costs(
            inventory, store, wanted, cast("ExportFormat", form), folder, viewer=context.viewer, at=context.at, agreement=agreement,
            member=context.member, draft=draft, text=context.text,
        )  # fmt: skip
    text = context.text
    columns = [Column("file", text("report.files")), Column("format", text("report.format")), Column("month", text("report.period"))]
    context.emit(kind="samdrift/export", items=exported_items(exported, wanted, form, context.at), columns=columns)
    for warning in exported.warnings:
        context.say(f"warning: {warning}")
