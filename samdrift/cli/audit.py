"""Audit: whether the record of changes is whole, and a member's own part of it."""

from __future__ import annotations

from pathlib import Path

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column


@click.group()
def command() -> None:
    """Verify the chain of audit entries, and export a member's own.

    \b
    Examples:
      samdrift audit verify
      samdrift audit export --member are --output json
    """


@command.command()
@click.option("--file", "file", type=click.Path(path_type=Path), help="An export to verify instead of the store.")
@pass_context
def verify(context: Context, file: Path | None) -> None:
    """Recompute the chain: 0 whole, 1 broken, 3 its key is missing.

    \b
    Examples:
      samdrift audit verify
      samdrift audit verify --output json
    """
    from samdrift.operations.verify_audit import verify_audit, verify_audit_file

    if file is None:
        with context.open_store() as store:
            item = verify_audit(store)
    else:
        item = verify_audit_file(file)
    text = context.text
    columns = [
        Column("entries", text("audit.entries"), "integer"),
        Column("whole", text("audit.whole")),
        Column("first_bad", text("audit.first-bad"), "integer"),
        Column("damage", text("audit.damage")),
        Column("head_at", text("audit.at"), "instant"),
        Column("head", text("audit.head"), "id"),
    ]
    said = text("audit.whole-summary", entries=item["entries"]) if item["whole"] else text("audit.broken", seq=item["first_bad"], damage=item["damage"])
    context.emit(kind="samdrift/audit", items=[item], columns=columns, summary=said)
    context.exit(EXIT_OK if item["whole"] else EXIT_FINDINGS)


@command.command()
@pass_context
def export(context: Context) -> None:
    """The whole chain: own entries in full, the others as digests.

    \b
    Examples:
      samdrift audit export --member are --output json
      samdrift audit export --as are --output csv
    """
    from samdrift.operations.export_audit import export_audit

    if context.member is not None:
        context.load_inventory()
    with context.open_store() as store:
        items = export_audit(store, viewer=context.viewer, member=context.member)
    text = context.text
    columns = [
        Column("seq", text("audit.seq"), "integer"),
        Column("at", text("audit.at"), "instant"),
        Column("actor", text("audit.actor")),
        Column("verb", text("audit.verb")),
        Column("object", text("audit.object"), "id"),
        Column("members", text("audit.members")),
        Column("digest", text("audit.digest"), "id"),
    ]
    context.emit(kind="samdrift/audit-entry", items=items, columns=columns)
