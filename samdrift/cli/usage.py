"""Usage: readings in, and what was used in a month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import WrongUse
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.period import LocalDays
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
@click.option("--meter", metavar="ID", help="Only this meter.")
@click.option("--from", "start", metavar="DAY", help="The first local day of a window to fill.")
@click.option("--to", "until", metavar="DAY", help="The first local day after it.")
@pass_context
def collect(context: Context, meter: str | None, start: str | None, until: str | None) -> None:
    """Collect readings from every source, from where it stopped; or fill a window of days.

    \b
    Examples:
      samdrift usage collect --output json
      samdrift usage collect --meter oncall-time --from 2026-10-01 --to 2026-10-03
    """
    from samdrift.operations.collect_usage import collect_usage

    context.require_operations()
    days = _read_days(start, until) if start or until else None
    inventory = context.load_inventory()
    with context.open_store(create=True) as store:
        found = collect_usage(inventory, store, at=context.at, meter=meter, start=days.start if days else None, end=days.end if days else None)
    text = context.text
    columns = [
        Column("source", text("usage.source"), "id"),
        Column("meter", text("usage.meter"), "id"),
        Column("accepted", text("usage.accepted"), "integer"),
        Column("duplicates", text("usage.duplicates"), "integer"),
        Column("conflicts", text("usage.conflicts"), "integer"),
        Column("fault_count", text("usage.faults"), "integer"),
    ]
    items = [
        {
            "source": one.source, "meter": one.meter, "accepted": one.accepted, "duplicates": one.duplicates, "conflicts": one.conflicts,
            "set_aside": one.set_aside, "fault_count": len(one.faults), "faults": one.faults,
        }
        for one in found
    ]  # fmt: skip
    context.emit(kind="samdrift/usage-collection", items=items, columns=columns)
    for one in found:
        for fault in one.faults:
            context.say(f"{one.source} {one.meter}: {fault}")
    if any(one.faults for one in found):
        context.exit(3)


@command.command()
@click.option("--month", metavar="YYYY-MM", help="Only this month, its stored roll-up too.")
@pass_context
def verify(context: Context, month: str | None) -> None:
    """Verify raw readings against their manifest, and a month's stored roll-up against one made anew.

    \b
    Examples:
      samdrift usage verify
      samdrift usage verify --month 2026-10 --output json
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.verify_usage import verify_usage

    context.require_operations()
    wanted = read_month(month) if month else None
    inventory = context.load_inventory()
    with context.open_store() as store:
        found = verify_usage(inventory, store, wanted)
    text = context.text
    columns = [Column("code", text("usage.code"), "id"), Column("what", text("usage.what"))]
    items = [{"code": one.code, "what": one.what} for one in found.differences]
    context.emit(kind="samdrift/usage-verification", items=items, columns=columns, siblings={"totals": {"parts": found.parts, "rows": found.rows}})
    if found.differences:
        context.exit(1)


@command.command()
@click.option("--month", metavar="YYYY-MM", help="The month.")
@click.option("--from", "start", metavar="DAY", help="The first local day, instead of a month.")
@click.option("--to", "until", metavar="DAY", help="The first local day after it.")
@click.option("--meter", metavar="ID", help="Only this meter.")
@click.option("--resource", metavar="ID", help="Only this resource.")
@pass_context
def show(context: Context, month: str | None, start: str | None, until: str | None, meter: str | None, resource: str | None) -> None:
    """Show the usage of a month or of a run of days with its gaps, from the stored readings.

    \b
    Examples:
      samdrift usage show --month 2026-10
      samdrift usage show --from 2026-10-24 --to 2026-10-27 --meter energy-it
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.stored_usage import stored_usage

    if (month is None) == (start is None and until is None):
        raise WrongUse("usage show wants a month or days", help="--month 2026-10, or --from 2026-10-24 --to 2026-10-27")
    wanted = read_month(month) if month else _read_days(start, until)
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


def _read_days(start: str | None, until: str | None) -> LocalDays:
    """The days of --from and --to; WrongUse when one lacks, is no day, or they do not follow on."""
    from datetime import date

    from samdrift.model.period import LocalDays

    try:
        days = LocalDays(date.fromisoformat(start or ""), date.fromisoformat(until or ""))
    except ValueError:
        raise WrongUse("--from and --to are both needed, as days", help="--from 2026-10-24 --to 2026-10-27") from None
    if days.first_day >= days.until_day:
        raise WrongUse(f"--from {start} does not come before --to {until}", help="--to is the first day that is left out")
    return days


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
