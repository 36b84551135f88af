"""Cost: what a month costs each member, line by line."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli._cost_books import correct, import_
from samdrift.cli._cost_export import export
from samdrift.cli._cost_lines import blocking_items, line_columns, say_blocking
from samdrift.cli._cost_why import compare, explain, savings
from samdrift.cli._cost_year import advance, settle
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option, yes_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK, NoStore, WrongUse
from samdrift.model.section import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from samdrift.model.cost import MonthCost
    from samdrift.model.period import Month


@click.group()
def command() -> None:
    """What the joint operation costs each member, and why.

    \b
    Examples:
      samdrift cost preview --month 2026-10
      samdrift cost preview --month 2026-10 --output csv
    """


for _each in (import_, correct, export, advance, settle, explain, compare, savings):
    command.add_command(_each)


def read_month(text: str) -> Month:
    """A month as given to --month; WrongUse names the form."""
    from samdrift.model.period import Month

    try:
        return Month.parse(text)
    except ValueError as error:
        raise WrongUse(f"--month: {error}", help="for example --month 2026-10") from None


def read_files(paths: Sequence[Path]) -> Mapping[str, bytes]:
    """The CSV files of an option by their path; WrongUse names one that cannot be read or is too large."""
    from samdrift.operations.read_csv_files import read_csv_files

    return read_csv_files(paths)


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The month to split.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option(
    "--readings",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Readings in CSV that count for this run only.",
)
@click.option(
    "--pools",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Documents in CSV that count for this run only.",
)
@pass_context
def preview(
    context: Context, month: str, agreement: str | None, readings: tuple[Path, ...], pools: tuple[Path, ...]
) -> None:
    """Show how a month is split: a closed one as it was closed, an open one by the stored readings or those given; stores nothing. Exit 1 when something would block its close.

    \b
    Examples:
      samdrift cost preview --month 2026-10
      samdrift cost preview --month 2026-10 --readings readings.csv
    """
    from samdrift.operations.close_costs import preview_open, show_closed
    from samdrift.operations.preview_costs import choose_agreement

    inventory, wanted = context.load_inventory(), read_month(month)
    given, documents = read_files(readings), read_files(pools)
    with ExitStack() as stack:
        store = None
        with suppress(NoStore):
            store = stack.enter_context(context.open_store())
        if store is not None and not given and not documents:
            closed = show_closed(store, choose_agreement(inventory, agreement), wanted, viewer=context.viewer)
            if closed is not None:
                emit_month(context, closed.cost, complete=True, closed=True)
                context.exit(EXIT_OK)
        cost = preview_open(inventory, store, wanted, at=context.at, agreement=agreement, readings=given, pools=documents)
    emit_month(context, cost, complete=context.at >= cost.month.end, closed=False)
    context.exit(EXIT_FINDINGS if cost.blocking else EXIT_OK)


def emit_month(context: Context, cost: MonthCost, *, complete: bool, closed: bool) -> None:
    """A month's lines as the viewer may see them: own lines; pool totals and the members' sums are open to all (E3)."""
    from samdrift.model import wording
    from samdrift.model.cost_json import line_item
    from samdrift.model.cost_words import note_words
    from samdrift.model.period import rfc3339

    text = context.text
    lines = [line for line in cost.lines if context.viewer.sees(line.member) and context.member in {None, line.member}]
    blocking = [each for each in cost.blocking if each.member is None or context.viewer.sees(each.member)]
    columns = [
        Column("line", text("cost.line"), "id"),
        Column("component", text("cost.component")),
        Column("quantity", text("cost.quantity"), "quantity"),
        Column("unit", text("cost.unit")),
        Column("amount_ore", text("cost.amount"), "money"),
    ]
    siblings = {
        "month": str(cost.month),
        "agreement": cost.agreement,
        "from": rfc3339(cost.month.start),
        "to": rfc3339(cost.month.end if complete else max(cost.month.start, min(context.at, cost.month.end))),
        "complete": complete,
        "closed": closed,
        "notes": list(cost.notes),
        "totals": _totals(cost),
        "blocking": blocking_items(blocking),
    }
    total = sum(line.amount_ore for line in lines)
    summary = text(
        "cost.summary", lines=len(lines), amount=wording.money(total, text.language), blocking=len(cost.blocking)
    )
    context.emit(
        kind="samdrift/cost-preview",
        items=[line_item(line) for line in lines],
        columns=line_columns(context, columns),
        siblings=siblings,
        summary=summary,
    )
    for note in cost.notes:
        context.say(f"note: {note_words(note, context.inventory.members, text)}")
    say_blocking(context, blocking)


def _totals(cost: MonthCost) -> dict[str, Any]:
    pools = [
        {
            "pool": each.pool,
            "amount_ore": each.amount_ore,
            "allocated_ore": each.allocated_ore,
            "to_settlement_ore": each.to_settlement_ore,
            "unallocated_ore": each.unallocated_ore,
        }
        for each in cost.pools
    ]
    members = [
        {"member": each.member, "net_ore": each.net_ore, "vat_ore": each.vat_ore, "gross_ore": each.gross_ore}
        for each in cost.members
    ]
    return {"pools": pools, "members": members}


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The ended month to close.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option(
    "--accept-estimated", metavar="REASON", help="Close though more than the limit is estimated; the reason is kept."
)
@click.option("--accept-simulated", metavar="REASON", help="Close though readings are simulated; the reason is kept.")
@dry_run_option
@yes_option
@pass_context
def close(
    context: Context,
    month: str,
    agreement: str | None,
    accept_estimated: str | None,
    accept_simulated: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Close a month: freeze its lines for ever, chained to the month before. Exit 1 when something blocks it.

    \b
    Examples:
      samdrift cost close --month 2026-10 --dry-run
      samdrift cost close --month 2026-10 --yes
    """
    from samdrift.operations.close_costs import close_costs, preview_close

    context.require_operations()
    inventory, wanted = context.load_inventory(), read_month(month)
    accepted = {"estimated": accept_estimated or "", "simulated": accept_simulated or ""}
    if dry_run:
        with context.open_store() as store:
            cost = preview_close(inventory, store, wanted, at=context.at, agreement=agreement, accepted=accepted)
        emit_month(context, cost, complete=True, closed=False)
        context.exit(EXIT_FINDINGS if cost.blocking else EXIT_OK)
    context.confirm(f"Close {wanted} for ever?", yes=yes)
    with context.open_store(create=True) as store:
        closed = close_costs(inventory, store, wanted, at=context.at, agreement=agreement, accepted=accepted)
    emit_month(context, closed.cost, complete=True, closed=True)


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The closed month.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@pass_context
def verify(context: Context, month: str, agreement: str | None) -> None:
    """Compute a closed month anew from raw readings and its frozen inventory, to the same bytes. Exit 1 names what differs.

    \b
    Examples:
      samdrift cost verify --month 2026-10
      samdrift cost verify --month 2026-10 --output json
    """
    from samdrift.operations.verify_costs import verify_costs

    wanted = read_month(month)
    inventory = context.load_inventory()
    with context.open_store() as store:
        verified = verify_costs(store, inventory, wanted, agreement=agreement)
    faults = verified.faults
    columns = [Column("fault", context.text("cost.fault"))]
    items = [{"month": str(wanted), "fault": fault} for fault in faults]
    summary = context.text("cost.verified" if not faults else "cost.differs", month=wanted, count=len(faults))
    context.emit(
        kind="samdrift/cost-verification", items=items, columns=columns, summary=summary,
        siblings={"whole": not faults, "digest": verified.digest, "signed_by": verified.signed_by, "not_compared": list(verified.not_compared)},
    )  # fmt: skip
    if verified.not_compared:
        context.say(context.text("cost.not-compared", forms=", ".join(verified.not_compared)))
    context.exit(EXIT_FINDINGS if faults else EXIT_OK)
