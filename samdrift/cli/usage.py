"""Usage: readings in, and what was used in a month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.reading import Usage


@click.group()
def command() -> None:
    """Metered usage: readings, and what each member used.

    \b
    Examples:
      samdrift usage import readings.csv --source replayed-2026-10
      samdrift usage show --month 2026-10
    """


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", metavar="ID", help="Where they come from; replayed-… marks them as replayed.")
@pass_context
def import_(context: Context, files: tuple[Path, ...], source: str | None) -> None:
    """Add readings from CSV FILES: all or nothing; the same file again adds nothing.

    \b
    Examples:
      samdrift usage import readings.csv
      samdrift usage import readings.csv --source replayed-2026-10 --output json
    """
    from samdrift.operations.import_usage import import_usage
    from samdrift.operations.read_csv_files import read_csv_files

    context.require_operations()
    contents = read_csv_files(files)
    inventory = context.load_inventory()
    with context.open_store(create=True) as store:
        found = import_usage(inventory, store, contents, at=context.at, source=source)
    text = context.text
    columns = [
        Column("accepted", text("usage.accepted"), "integer"),
        Column("duplicates", text("usage.duplicates"), "integer"),
        Column("conflicts", text("usage.conflicts"), "integer"),
        Column("set_aside", text("usage.set-aside"), "integer"),
    ]
    item = {
        "accepted": found.accepted,
        "duplicates": found.duplicates,
        "conflicts": found.conflicts,
        "set_aside": found.set_aside,
    }
    context.emit(kind="samdrift/usage-import", items=[item], columns=columns)


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The month.")
@click.option("--meter", metavar="ID", help="Only this meter.")
@click.option("--resource", metavar="ID", help="Only this resource.")
@pass_context
def show(context: Context, month: str, meter: str | None, resource: str | None) -> None:
    """Show a month's usage with its gaps, from the stored readings.

    \b
    Examples:
      samdrift usage show --month 2026-10
      samdrift usage show --month 2026-10 --meter energy-it --output json
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.stored_usage import stored_usage

    wanted = read_month(month)
    inventory = context.load_inventory()
    with context.open_store() as store:
        usage = stored_usage(inventory, store, wanted).usage
    shown = [
        each
        for each in usage
        if meter in {None, each.meter}
        and resource in {None, each.resource}
        and context.viewer.sees(each.member)
        and context.member in {None, each.member}
    ]
    text = context.text
    columns = [
        Column("meter", text("usage.meter"), "id"),
        Column("resource", text("usage.resource"), "id"),
        Column("member", text("usage.member"), "id"),
        Column("quantity", text("usage.quantity"), "quantity"),
        Column("unit", text("usage.unit")),
        Column("estimated_seconds", text("usage.estimated"), "duration"),
        Column("unmeasured_seconds", text("usage.unmeasured"), "duration"),
        Column("gap_count", text("usage.gap-count"), "integer"),
    ]
    context.emit(kind="samdrift/usage", items=[_item(each) for each in shown], columns=columns)


def _item(usage: Usage) -> dict[str, Any]:
    from samdrift.model.period import rfc3339
    from samdrift.model.quantity import exact

    return {
        "meter": usage.meter,
        "resource": usage.resource,
        "member": usage.member,
        "from": rfc3339(usage.start),
        "to": rfc3339(usage.end),
        "quantity_base": exact(usage.quantity_base),
        "quantity": exact(usage.quantity),
        "unit": usage.unit,
        "measured_seconds": int(usage.measured_seconds),
        "estimated_seconds": int(usage.estimated_seconds),
        "unmeasured_seconds": int(usage.unmeasured_seconds),
        "samples": usage.samples,
        "duplicates": usage.duplicates,
        "conflicts": usage.conflicts,
        "resets": usage.resets,
        "gap_count": len(usage.gaps),
        "gaps": [{"from": rfc3339(gap.start), "to": rfc3339(gap.end), "treated": gap.treated} for gap in usage.gaps],
        "blocking": list(usage.blocking),
    }
