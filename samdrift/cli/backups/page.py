"""`backup page`: each member's own page on its backups."""

from __future__ import annotations

from pathlib import Path

import click

from samdrift.cli.backups.asking import columns
from samdrift.cli.context import Context, pass_context


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("backup"), show_default=True, metavar="DIR", help="Folder to write into.")
@pass_context
def page(context: Context, out: Path) -> None:
    """Write each member's backup page (all, or the one of --member).

    One HTML file a member: how its backups stand and what to do on top,
    objectives, runs, proofs and volumes of the last 31 days below.

    \b
    Examples:
      samdrift backup page --member krokom --out pages
      samdrift backup page --lang en --out pages
    """
    from samdrift.operations.report_backups import backup_page, write_backup_page

    inventory = context.load_inventory()
    members = [one for one in sorted(inventory.members) if context.viewer.sees(one) and context.member in {None, one}]
    items = []
    with context.open_store() as store:
        for member in members:
            path = write_backup_page(backup_page(inventory, store, member, at=context.at, text=context.text), member, out)
            items.append({"member": member, "file": str(path)})
    named = columns(context.text, ("member", "member", "id"), ("file", "page-file"))
    context.emit(kind="samdrift/backup-page", items=items, columns=named, summary=context.text("backup.page-written", count=len(items)))
