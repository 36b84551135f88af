"""Alert: what fires and what has fired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.alert import Alert


@click.group()
def command() -> None:
    """See the alerts that Alertmanager has told.

    \b
    Examples:
      samdrift alert list
      samdrift alert show L-7F3A
    """


@command.command("list")
@click.option("--state", type=click.Choice(["firing", "resolved"]), help="Only these.")
@pass_context
def list_(context: Context, state: str | None) -> None:
    """List alerts, those that fire first.

    \b
    Examples:
      samdrift alert list
      samdrift alert list --state firing --output json
    """
    from samdrift.operations.list_alerts import list_alerts

    with context.open_store() as store:
        found = list_alerts(store, viewer=context.viewer, open_only=state == "firing")
    text = context.text
    columns = [
        Column("id", text("alert.id"), "id"),
        Column("state", text("alert.state"), "state"),
        Column("severity", text("alert.severity"), "id"),
        Column("alertname", text("alert.name"), "id"),
        Column("member", text("alert.member"), "id"),
        Column("site", text("alert.site"), "id"),
        Column("starts_at", text("alert.since"), "instant"),
        Column("summary", text("alert.summary")),
    ]
    if context.member:
        context.load_inventory()
    wanted = [alert for alert in found if (state is None or alert.state == state) and context.member in {None, alert.labels.get("member")}]
    items = [_item(alert) for alert in wanted]
    context.emit(kind="samdrift/alert", items=items, columns=columns)


@command.command()
@click.argument("alert_id", metavar="ID")
@pass_context
def show(context: Context, alert_id: str) -> None:
    """Show one alert with its runbook and dashboard; ID in any case.

    \b
    Examples:
      samdrift alert show L-7F3A  # lab
      samdrift alert show l7f3a --output json  # lab
    """
    from samdrift.operations.list_alerts import find_alert

    with context.open_store() as store:
        item = _item(find_alert(store, alert_id, viewer=context.viewer))
    text = context.text
    if context.output == "table":
        rows = [{"field": key, "value": value} for key, value in item.items()]
        context.emit(kind="samdrift/alert", items=rows, columns=[Column("field", text("alert.field"), "id"), Column("value", text("alert.value"))])
        return
    columns = [Column(key, key) for key in item if key != "labels"]
    context.emit(kind="samdrift/alert", items=[item], columns=columns)


def _item(alert: Alert) -> dict[str, Any]:
    labels, notes = alert.labels, alert.annotations
    named = {key: labels.get(key) for key in ("severity", "layer", "member", "service", "site")}
    return {
        "id": alert.id,
        "fingerprint": alert.fingerprint,
        "alertname": labels.get("alertname"),
        **named,
        "state": alert.state.value,
        "starts_at": alert.starts_at,
        "ends_at": alert.ends_at,
        "first_told_at": alert.first_told_at,
        "last_told_at": alert.last_told_at,
        "posts": alert.posts,
        "summary": notes.get("summary"),
        "runbook_url": notes.get("runbook_url"),
        "dashboard_url": notes.get("dashboard_url"),
        "labels": dict(labels),
    }
