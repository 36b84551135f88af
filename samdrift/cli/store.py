"""Store: how the database stands, and bringing it to this program's version."""

from __future__ import annotations

import click

from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column
from samdrift.model.written import gibibytes


@click.group()
def command() -> None:
    """See how the store stands; make it or bring it to this version.

    \b
    Examples:
      samdrift store status
      samdrift store migrate --dry-run
    """


@command.command()
@pass_context
def status(context: Context) -> None:
    """Engine, version, integrity, room and rows by kind; 1 when damaged.

    \b
    Examples:
      samdrift store status
      samdrift store status --output json
    """
    from samdrift.operations.show_store import show_store

    with context.open_store() as store:
        item = show_store(store, viewer=context.viewer)
    text = context.text
    summary = text("store.summary", engine=item["engine"], version=item["schema_version"], integrity=item["integrity"])
    if item["size_bytes"] is not None:
        sizes = {name: gibibytes(item[f"{name}_bytes"], context.language) for name in ("size", "free")}
        summary = f"{summary} {text('store.room', **sizes)}"
    columns = [
        Column("kind", text("store.kind"), "id"),
        Column("rows", text("store.rows"), "integer"),
        Column("oldest_at", text("store.oldest"), "instant"),
        Column("retention", text("store.retention")),
    ]
    items = [item] if context.output == "json" else item["kinds"]
    context.emit(kind="samdrift/store", items=items, columns=columns, summary=summary)
    context.exit(EXIT_FINDINGS if item["integrity"] == "damaged" else EXIT_OK)


@command.command()
@dry_run_option
@pass_context
def migrate(context: Context, dry_run: bool) -> None:
    """Make the store, or bring an older one to this version.

    An older SQLite store is copied first, into backups/ of the state folder;
    copy a PostgreSQL store with pg_dump before. Killed half way, it leaves
    the old or the new.

    \b
    Examples:
      samdrift store migrate --dry-run
      samdrift store migrate
    """
    from samdrift.operations.migrate_store import migrate_store

    item = migrate_store(context.store_location, dry_run=dry_run)
    text = context.text
    columns = [
        Column("from_version", text("store.from")),
        Column("to_version", text("store.to")),
        Column("action", text("store.action")),
        Column("done", text("store.done"), "text"),
    ]
    context.emit(kind="samdrift/store-migration", items=[item], columns=columns)
