"""Why an amount is what it is, what another key would give, and what is saved."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

import click

from samdrift.cli._cost_lines import blocking_items, say_blocking
from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_OK, NoStore, WrongUse
from samdrift.model.section import Column


@click.command()
@click.argument("line")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@click.option(
    "--samples",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    help="How many samples to list at most.",
)
@pass_context
def explain(context: Context, line: str, agreement: str | None, samples: int) -> None:
    """Take a LINE apart, closed or previewed: documents, key, share, quantity, samples and rounding, as arithmetic to repeat by hand.

    \b
    Examples:
      samdrift cost explain 2026-10/joint-hall/are/key
      samdrift cost explain 2026-10/joint-hall/are/key --output json
    """
    from samdrift.model.cost_json import line_item
    from samdrift.model.period import rfc3339
    from samdrift.operations.explain_line import explain_line

    if context.member is not None:
        context.load_inventory()
    with ExitStack() as stack:
        store = None
        with suppress(NoStore):
            store = stack.enter_context(context.open_store())
        found = explain_line(
            context.load_inventory, store, line, viewer=context.viewer, at=context.at, agreement=agreement, limit=samples
        )
    text = context.text
    columns = [
        Column("kind", text("cost.step")),
        Column("expression", text("cost.expression")),
        Column("result", text("cost.result")),
        Column("source", text("cost.source"), "id"),
    ]
    items = [
        {"kind": each.kind, "expression": each.expression, "result": each.result, "source": each.source}
        for each in found.steps
    ]
    shown = [
        {
            "meter": each.meter,
            "resource": each.resource,
            "at": rfc3339(each.at),
            "quantity": each.quantity,
            "quality": each.quality,
            "file": each.file,
            "row": each.row,
            "sha256": each.sha256,
        }
        for each in found.samples
    ]
    siblings = {
        "line": line_item(found.line),
        "closed": found.closed,
        "samples": shown,
        "samples_in_all": found.samples_in_all,
    }
    summary = text("cost.explained", line=found.line.line, ore=found.line.amount_ore, samples=found.samples_in_all)
    context.emit(kind="samdrift/cost-explanation", items=items, columns=columns, siblings=siblings, summary=summary)


@click.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="The month, closed or open.")
@click.option("--key", metavar="ID", help="Another key of the agreement, in every pool that a key splits.")
@click.option(
    "--agreement",
    "other",
    metavar="FILE|ID",
    help="The file of another version; or which agreement, with --key or --members.",
)
@click.option("--members", metavar="ID,ID", help="Only these members, in every pool.")
@pass_context
def compare(context: Context, month: str, key: str | None, other: str | None, members: str | None) -> None:
    """Set a month beside what another key, version or member set would give; never invoiced, nothing is stored.

    \b
    Examples:
      samdrift cost compare --month 2026-10 --key even-parts
      samdrift cost compare --month 2026-10 --members are,krokom --output json
    """
    from samdrift.cli.cost import read_month
    from samdrift.operations.compare_costs import compare_costs

    context.require_operations()
    inventory, wanted = context.load_inventory(), read_month(month)
    ids = {each.id for each in inventory.agreements}
    chosen = other if other in ids else None
    version = Path(other) if other is not None and chosen is None else None
    with context.open_store() as store:
        found = compare_costs(
            inventory, store, wanted, at=context.at, agreement=chosen, key=key, version=version, members=[each for each in (members or "").split(",") if each]
        )  # fmt: skip
    text = context.text
    sums: dict[tuple[str, str], list[int]] = {}
    for index, cost in enumerate((found.now, found.then)):
        for line in cost.lines:
            sums.setdefault((line.pool, line.member), [0, 0])[index] += line.amount_ore
    items = [
        {"pool": pool, "member": member, "now_ore": now, "then_ore": then, "difference_ore": then - now}
        for (pool, member), (now, then) in sorted(sums.items())
    ]
    columns = [
        Column("pool", text("cost.pool"), "id"),
        Column("member", text("cost.member"), "id"),
        Column("now_ore", text("cost.now"), "money"),
        Column("then_ore", text("cost.then"), "money"),
        Column("difference_ore", text("cost.difference"), "money"),
    ]
    siblings = {
        "month": str(found.month),
        "agreement": found.agreement,
        "closed": found.closed,
        "compared_with": found.what,
        "invoiced": False,
        "blocking": blocking_items(found.then.blocking),
    }
    context.emit(
        kind="samdrift/cost-comparison",
        items=items,
        columns=columns,
        siblings=siblings,
        summary=text("cost.not-invoiced", what=found.what),
    )
    say_blocking(context, found.then.blocking)
    context.exit(EXIT_OK)


@click.command()
@click.option("--year", type=click.IntRange(2000, 2200), metavar="YYYY", help="The closed months of this year.")
@click.option("--month", metavar="YYYY-MM", help="This closed month.")
@click.option("--agreement", metavar="ID", help="Which agreement, when there are several.")
@pass_context
def savings(context: Context, year: int | None, month: str | None, agreement: str | None) -> None:
    """Joint cost against stand-alone cost, per service and member; a loss is shown.

    \b
    Examples:
      samdrift cost savings --year 2026
      samdrift cost savings --month 2026-10 --output json
    """
    from samdrift.cli.cost import read_month
    from samdrift.model.quantity import exact
    from samdrift.operations.show_savings import show_savings

    if (year is None) == (month is None):
        raise WrongUse("name a year or a month", help="--year 2026, or --month 2026-10")
    inventory = context.load_inventory()
    wanted = read_month(month) if month else None
    with context.open_store() as store:
        found, months = show_savings(
            inventory, store, viewer=context.viewer, agreement=agreement, year=year, month=wanted
        )
    text = context.text
    items = [
        {
            "service": each.service,
            "member": each.member,
            "months": each.months,
            "joint_ore": each.joint_ore,
            "stand_alone_ore": each.stand_alone_ore,
            "saving_ore": each.saving_ore,
            "exact_ratio": None if each.ratio is None else exact(each.ratio),
            "percent": None if each.hundredths_of_percent is None else _percent(each.hundredths_of_percent),
            "sources": [
                {"id": row.id, "source": row.source, "date": str(row.date), "author": row.author} for row in each.rows
            ],
        }
        for each in found
        if context.member in {None, each.member}
    ]
    columns = [
        Column("service", text("cost.service"), "id"),
        Column("member", text("cost.member"), "id"),
        Column("joint_ore", text("cost.joint"), "money"),
        Column("stand_alone_ore", text("cost.stand-alone"), "money"),
        Column("saving_ore", text("cost.saving"), "money"),
        Column("percent", text("cost.percent")),
    ]
    context.emit(
        kind="samdrift/cost-savings",
        items=items,
        columns=columns,
        siblings={"closed_months": [str(each) for each in months]},
    )


def _percent(hundredths: int) -> str:
    """A printed per cent with two decimals, with its sign."""
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{part:02}"
