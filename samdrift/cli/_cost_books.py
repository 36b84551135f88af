"""Cost documents in, and corrections of closed months."""

from __future__ import annotations

from pathlib import Path

import click

from samdrift.cli._cost_lines import blocking_items, line_columns, say_blocking
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option, yes_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@pass_context
def import_(context: Context, files: tuple[Path, ...]) -> None:
    """Add documents of cost pools from CSV FILES: all or nothing; the same file again adds nothing.

    \b
    Examples:
      samdrift cost import invoices-2026-10.csv
      samdrift cost import invoices-2026-10.csv --output json
    """
    from samdrift.operations.import_documents import import_documents
    from samdrift.operations.read_csv_files import read_csv_files

    context.require_operations()
    contents = read_csv_files(files)
    inventory = context.load_inventory()
    with context.open_store(create=True) as store:
        found = import_documents(inventory, store, contents, at=context.at)
    text = context.text
    columns = [
        Column("accepted", text("usage.accepted"), "integer"),
        Column("duplicates", text("usage.duplicates"), "integer"),
        Column("conflicts", text("usage.conflicts"), "integer"),
        Column("set_aside", text("usage.set-aside"), "integer"),
    ]
    item = {"accepted": found.accepted, "duplicates": found.duplicates, "conflicts": 0, "set_aside": 0}
    siblings = {"closed_months": list(found.closed)}
    context.emit(kind="samdrift/cost-import", items=[item], columns=columns, siblings=siblings)
    for month in found.closed:
        context.say(f"note: {month} is closed; these documents count after: samdrift cost correct --month {month}")


@click.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The closed month to split anew.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept and printed.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option("--accept-estimated", metavar="REASON", help="Correct though more than the limit is estimated.")
@click.option("--accept-simulated", metavar="REASON", help="Correct though readings are simulated.")
@dry_run_option
@yes_option
@pass_context
def correct(
    context: Context,
    month: str,
    reason: str,
    agreement: str | None,
    accept_estimated: str | None,
    accept_simulated: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Book what a closed month would be with today's readings and documents, in the open month. With --dry-run exit 1 when it would book something.

    \b
    Examples:
      samdrift cost correct --month 2026-10 --reason "invoice came late" --dry-run
      samdrift cost correct --month 2026-10 --reason "invoice came late" --yes
    """
    from samdrift.cli.cost import read_month
    from samdrift.model.cost_json import delta_item, line_item
    from samdrift.operations.correct_costs import correct_costs

    context.require_operations()
    inventory, wanted = context.load_inventory(), read_month(month)
    accepted = {"estimated": accept_estimated or "", "simulated": accept_simulated or ""}
    if not dry_run:
        context.confirm(f"Book a correction of {wanted} in the open month?", yes=yes)
    with context.open_store() as store:
        made = correct_costs(
            inventory,
            store,
            wanted,
            reason=reason,
            at=context.at,
            agreement=agreement,
            accepted=accepted,
            dry_run=dry_run,
        )
    text = context.text
    columns = [
        Column("line", text("cost.line"), "id"),
        Column("pool", text("cost.pool"), "id"),
        Column("member", text("cost.member"), "id"),
        Column("amount_ore", text("cost.amount"), "money"),
        Column("corrects", text("cost.corrects"), "id"),
    ]
    blocking = blocking_items(made.today.blocking)
    siblings = {
        "month": str(made.month),
        "agreement": made.agreement,
        "shown_in": str(made.shown_in),
        "booked": made.differs and not dry_run,
        "pools": [delta_item(each) for each in made.found.pools],
        "blocking": blocking,
    }
    context.emit(
        kind="samdrift/cost-correction",
        items=[line_item(line) for line in made.found.lines],
        columns=line_columns(context, columns),
        siblings=siblings,
    )
    say_blocking(context, made.today.blocking)
    context.exit(EXIT_FINDINGS if dry_run and (made.differs or blocking) else EXIT_OK)
