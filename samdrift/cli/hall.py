"""Hall: what the power and the sensors say, and who is hit when something is taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.nagios import end_for_nagios, nagios_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK, WrongUse
from samdrift.model.finding import Status
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.hall import HallReading, Impact


@click.group()
def command() -> None:
    """Server halls: readings of their devices, and the impact of a loss.

    \b
    Examples:
      samdrift hall status --site hall-ostersund
      samdrift hall impact --down pdu-a1-a
    """


@command.command()
@click.option("--site", metavar="ID", help="Only this site.")
@click.option("--now", is_flag=True, help="Ask the devices at once; store nothing.")
@nagios_option
@pass_context
def status(context: Context, site: str | None, *, now: bool, nagios: bool) -> None:
    """Show the newest readings as they count now; exit 3 when one is not good.

    \b
    Examples:
      samdrift hall status --now
      samdrift hall status --site hall-are --now --output json
      samdrift hall status --site hall-are --nagios
    """
    from samdrift.operations.show_hall_status import show_hall_status

    inventory = context.load_inventory()
    store = None if now else context.open_store()
    readings = show_hall_status(inventory, store, viewer=context.viewer, at=context.at, site=site, now=now)
    if nagios:
        judged = [(Status.OK if each.quality.value == "good" else Status.UNDETERMINED, f"{each.element} {each.quantity}: {each.quality}") for each in readings]
        end_for_nagios(context, judged, {"readings": len(readings), "simulated": sum(each.simulated for each in readings)})
    text = context.text
    columns = [
        Column("site", text("hall.site"), "id"),
        Column("element", text("hall.element"), "id"),
        Column("quantity", text("hall.quantity")),
        Column("value", text("hall.value"), "integer"),
        Column("word", text("hall.state")),
        Column("unit", text("hall.unit")),
        Column("quality", text("hall.quality")),
        Column("simulated", text("hall.simulated")),
        Column("observed_at", text("hall.observed"), "instant"),
    ]
    bad = sum(reading.quality.value != "good" for reading in readings)
    simulated = sum(reading.simulated for reading in readings)
    summary = text("hall.summary-status", count=len(readings), bad=bad, simulated=simulated)
    context.emit(
        kind="samdrift/hall-reading", items=[_reading(each) for each in readings], columns=columns, summary=summary
    )
    context.exit(EXIT_NOT_OBSERVED if bad or not readings else EXIT_OK)


@command.command()
@click.option("--down", required=True, metavar="ID,…", help="Elements and devices taken down together.")
@click.option("--all", "everything", is_flag=True, help="Show what is unaffected too.")
@pass_context
def impact(context: Context, down: str, *, everything: bool) -> None:
    """Show who is hit when elements are taken down, to member and contact; exit 1 when a service is lost.

    \b
    Examples:
      samdrift hall impact --down pdu-a1-a
      samdrift hall impact --down pdu-a1-a,pdu-a1-b --output json
    """
    from samdrift.operations.show_impact import show_impact

    elements = [each.strip() for each in down.split(",") if each.strip()]
    if not elements:
        raise WrongUse("--down names no element", help="samdrift hall impact --down pdu-a1-a")
    found = show_impact(context.load_inventory(), elements, viewer=context.viewer, at=context.at)
    shown = [each for each in found if everything or each.state != "unaffected"]
    text = context.text
    columns = [
        Column("noun", text("hall.noun")),
        Column("id", text("hall.object"), "id"),
        Column("state", text("hall.state")),
        Column("after_seconds", text("hall.after"), "duration"),
        Column("because", text("hall.because")),
        Column("members", text("hall.members")),
        Column("contacts", text("hall.contacts")),
    ]
    counted = {
        state: sum(each.noun == "service" and each.state == state for each in found) for state in ("lost", "degraded")
    }
    members = sum(each.noun == "member" and each.state != "unaffected" for each in found)
    summary = text("hall.summary-impact", lost=counted["lost"], degraded=counted["degraded"], members=members)
    siblings = {"down": sorted(set(elements)), "cascade": None, "collisions": None}
    context.emit(
        kind="samdrift/hall-impact",
        items=[_impact(each) for each in shown],
        columns=columns,
        siblings=siblings,
        summary=summary,
    )
    context.exit(EXIT_FINDINGS if counted["lost"] else EXIT_OK)


def _reading(reading: HallReading) -> dict[str, Any]:
    return {
        "id": reading.id, "site": reading.site, "element": reading.element, "quantity": reading.quantity, "value": reading.value, "word": reading.word,
        "unit": reading.unit, "quality": reading.quality.value, "simulated": reading.simulated, "observed_at": reading.observed_at,
        "source": reading.source, "reason": reading.reason.value if reading.reason else None,
    }  # fmt: skip


def _impact(impact: Impact) -> dict[str, Any]:
    return {
        "noun": impact.noun, "id": impact.id, "state": impact.state, "after_seconds": impact.after_seconds, "because": list(impact.because),
        "members": list(impact.members), "contacts": list(impact.contacts), "objectives_broken": list(impact.objectives_broken),
    }  # fmt: skip
