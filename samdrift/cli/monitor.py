"""Monitor: Prometheus' and Alertmanager's files from the inventory."""

from __future__ import annotations

from pathlib import Path

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK, CouldNotRecord
from samdrift.model.section import Column
from samdrift.model.written import duration


@click.group()
def command() -> None:
    """Write and check what watches.

    \b
    Examples:
      samdrift monitor render --check
      samdrift monitor render --out build/monitors
    """


@command.command()
@click.option("--out", metavar="DIR", help="Write here.  [default: monitors/ of the checkout]")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; 1 when a file is not as it should be.")
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="Also tell this address of every page and ticket.")
@pass_context
def render(context: Context, out: str | None, only_check: bool, webhooks: tuple[str, ...]) -> None:
    """Write Prometheus' and Alertmanager's files; proved by promtool and amtool.

    \b
    Examples:
      samdrift monitor render --check
      samdrift monitor render --out build/monitors --output json
    """
    from samdrift.operations import render_monitoring as operation

    context.require_operations()  # the files name every member
    home = operation.monitors_folder(context.inventory_path)
    rules = operation.read_rules(home)
    folder = Path(out) if out else home
    files = operation.render(context.load_inventory(), rules, webhooks=webhooks)
    if only_check:
        found = operation.compare(files, folder)
    else:
        operation.require_programs()
        found = operation.write(files, folder)
        faults = operation.prove(folder)
        if faults:
            raise CouldNotRecord(f"the files are written but refused: {'; '.join(faults)}")
    bounds = operation.bounds(rules)
    text = context.text
    columns = [Column("path", text("monitor.path"), "id"), Column("state", text("monitor.state")), Column("size_bytes", text("monitor.size"), "bytes")]
    items = [{"path": one.path, "state": one.state, "size_bytes": one.size_bytes} for one in found]
    context.emit(
        kind="samdrift/monitor-file", items=items, columns=columns, siblings={"bounds": [{"alertname": name, "within_seconds": s} for name, s in bounds.items()]}
    )
    context.say(text("monitor.bounds", bounds=", ".join(f"{name} {duration(s)}" for name, s in bounds.items())))
    context.exit(EXIT_FINDINGS if only_check and any(one.state != "same" for one in found) else EXIT_OK)
