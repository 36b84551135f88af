"""`backup anomalies`: runs that were out of the ordinary, and what persons say of them."""

from __future__ import annotations

import click

from samdrift.cli.backups.asking import columns
from samdrift.cli.backups.retention import review
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.default_group import ListGroup
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK


@click.group(cls=ListGroup)
def anomalies() -> None:
    """Runs that were out of the ordinary, and what persons say of them.

    \b
    Examples:
      samdrift backup anomalies
      samdrift backup anomalies accept 5f2a81c9 --reason Bokslut
    """


@anomalies.command("list")
@click.argument("ids", nargs=-1)
@pass_context
def list_(context: Context, ids: tuple[str, ...]) -> None:
    """Suspect runs, open and reviewed, newest first; 1 while one is open.

    \b
    Examples:
      samdrift backup anomalies
      samdrift backup anomalies list bookit --output json
    """
    from samdrift.operations.review_snapshots import list_anomalies

    inventory = context.load_inventory()
    with context.open_store() as store:
        items = list_anomalies(inventory, store, ids, viewer=context.viewer)
    shown = columns(
        context.text, ("run", "id", "id"), ("status", "state", "state"), ("backup", "backup", "id"), ("at", "when", "instant"), ("snapshot", "snapshot", "id"), ("signals", "signals"),
        ("verdict", "verdict"), ("who", "who"), ("reason", "reason"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-anomaly", items=items, columns=shown)
    context.exit(EXIT_FINDINGS if any(item["status"] == "failure" for item in items) else EXIT_OK)


@anomalies.command("accept")
@click.argument("snapshot", metavar="SNAPSHOT")
@click.option("--reason", required=True, help="What moved the data, and how you know.")
@pass_context
def accept(context: Context, snapshot: str, reason: str) -> None:
    """Say that a suspect run was honest work: its snapshot is usable, and retention goes on.

    \b
    Examples:
      samdrift backup anomalies accept 5f2a81c9 --reason Bokslut
      samdrift backup anomalies accept 5f2a81c9 --reason Bokslut --output json
    """
    review(context, snapshot, "accept", reason, anomalies=True)


@anomalies.command("reject")
@click.argument("snapshot", metavar="SNAPSHOT")
@click.option("--reason", required=True, help="What happened to the data.")
@pass_context
def reject(context: Context, snapshot: str, reason: str) -> None:
    """Say that a suspect run holds spoilt data: its snapshot is unusable, the recovery point stays before it.

    \b
    Examples:
      samdrift backup anomalies reject 5f2a81c9 --reason "Incident I-2B7C"
      samdrift backup anomalies reject 5f2a81c9 --reason Krypterat --output json
    """
    review(context, snapshot, "reject", reason, anomalies=True)
