"""An agreement's year: the advance on budget, and the settlement after twelve closed months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from samdrift.cli._cost_lines import blocking_items, line_columns, say_blocking
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option, yes_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.operations.settle_costs import YearLines

_YEAR = click.IntRange(2000, 2200)


@click.command()
@click.option("--year", required=True, type=_YEAR, metavar="YYYY", help="The calendar year.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@dry_run_option
@yes_option
@pass_context
def advance(context: Context, year: int, agreement: str | None, *, dry_run: bool, yes: bool) -> None:
    """Split the year's budget by key in the due months, less what was carried, and book it once. A member's viewer reads what is booked of its own.

    \b
    Examples:
      samdrift cost advance --year 2026 --dry-run
      samdrift cost advance --year 2026 --yes
    """
    from samdrift.operations.settle_costs import advance_costs

    if context.viewer.role != "operations":
        _show(context, year, "advance", agreement)
        return
    inventory = context.load_inventory()
    if not dry_run:
        context.confirm(f"Book the advance of {year}?", yes=yes)
    with context.open_store(create=not dry_run) as store:
        made = advance_costs(inventory, store, year, at=context.at, agreement=agreement, dry_run=dry_run)
    _emit(context, made, "samdrift/cost-advance", dry_run=dry_run)


@click.command()
@click.option("--year", required=True, type=_YEAR, metavar="YYYY", help="The calendar year, all closed.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option("--final", is_flag=True, help="Pay out and charge all; carry nothing on.")
@dry_run_option
@yes_option
@pass_context
def settle(context: Context, year: int, agreement: str | None, *, final: bool, dry_run: bool, yes: bool) -> None:
    """Set what each member paid against its cost; refund, charge or carry the balance, and book it once. A member's viewer reads its own.

    \b
    Examples:
      samdrift cost settle --year 2026 --dry-run
      samdrift cost settle --year 2026 --final --yes
    """
    from samdrift.operations.settle_costs import settle_costs

    if context.viewer.role != "operations":
        _show(context, year, "settlement", agreement)
        return
    inventory = context.load_inventory()
    if not dry_run:
        context.confirm(f"Book the settlement of {year}?", yes=yes)
    with context.open_store() as store:
        made = settle_costs(inventory, store, year, at=context.at, agreement=agreement, final=final, dry_run=dry_run)
    _emit(context, made, "samdrift/cost-settlement", dry_run=dry_run)


def _show(context: Context, year: int, kind: Literal["advance", "settlement"], agreement: str | None) -> None:
    """What is booked, as the viewer may read it; nothing is worked out and nothing booked."""
    from samdrift.operations.settle_costs import booked_year

    inventory = context.load_inventory()
    with context.open_store() as store:
        made = booked_year(inventory, store, year, kind, viewer=context.viewer, agreement=agreement)
    if made.booked is None:
        context.say(f"note: no {kind} of {year} is booked")
    _emit(context, made, f"samdrift/cost-{kind}", dry_run=True)


def _emit(context: Context, made: YearLines, kind: str, *, dry_run: bool) -> None:
    from samdrift.model.cost_json import line_item
    from samdrift.model.period import rfc3339

    text = context.text
    columns = [
        Column("line", text("cost.line"), "id"),
        Column("member", text("cost.member"), "id"),
        Column("share", text("cost.share"), "id"),
        Column("amount_ore", text("cost.amount"), "money"),
    ]
    siblings: dict[str, Any] = {
        "year": made.year,
        "agreement": made.agreement,
        "booked_at": rfc3339(made.booked) if made.booked else (None if dry_run else rfc3339(context.at)),
        "blocking": blocking_items(made.blocking),
    }
    if made.kind == "settlement":
        siblings["members"] = [
            {
                "member": each.member,
                "paid_ore": each.paid_ore,
                "carried_in_ore": each.carried_in_ore,
                "cost_ore": each.cost_ore,
                "settled_ore": each.settled_ore,
                "balance_ore": each.balance_ore,
                "action": each.action,
            }
            for each in made.members
        ]
    context.emit(kind=kind, items=[line_item(line) for line in made.lines if context.member in {None, line.member}], columns=line_columns(context, columns), siblings=siblings)
    if made.booked and context.viewer.role == "operations":
        context.say(f"note: booked already on {made.booked.date()}; nothing more was booked")
    say_blocking(context, made.blocking)
    context.exit(EXIT_FINDINGS if made.blocking else EXIT_OK)
