"""Oncall: who is on duty, now or at another time."""

from __future__ import annotations

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column


@click.group()
def command() -> None:
    """See who is on duty.

    \b
    Examples:
      samdrift oncall who
      samdrift oncall who --at 2026-12-24T12:00:00+01:00 --output json
    """


@command.command()
@click.option("--rota", metavar="ID", help="Only this rota.")
@pass_context
def who(context: Context, rota: str | None) -> None:
    """Name who is on call in each layer, and until when; 1 when nobody is.

    \b
    Examples:
      samdrift oncall who
      samdrift oncall who --rota drift --at 2026-03-29T07:59:00+02:00
    """
    from samdrift.operations.find_on_call import find_on_call

    inventory = context.load_inventory()
    found, empty = find_on_call(inventory, at=context.at, rota=rota)
    text, people = context.text, inventory.by_id("people")
    columns = [
        Column("rota", text("oncall.rota"), "id"),
        Column("layer", text("oncall.layer"), "id"),
        Column("person", text("oncall.person"), "id"),
        Column("name", text("oncall.name")),
        Column("starts_at", text("oncall.from"), "instant"),
        Column("ends_at", text("oncall.until"), "instant"),
        Column("source", text("oncall.source")),
    ]
    items = [
        {
            "rota": shift.rota,
            "layer": shift.layer,
            "person": shift.person,
            "name": people[shift.person].name if shift.person in people else None,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "source": shift.source,
        }
        for shift in found
    ]
    context.emit(kind="samdrift/shift", items=items, columns=columns, summary=None if found else text("oncall.nobody"))
    if empty:
        context.say(text("oncall.empty", layers=", ".join(empty)))
    context.exit(EXIT_FINDINGS if empty or not found else EXIT_OK)
