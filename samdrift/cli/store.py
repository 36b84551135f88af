"""Store: how the database stands, and making, migrating, copying and restoring it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option, yes_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK
from samdrift.model.section import Column
from samdrift.model.written import gibibytes


@click.group()
def command() -> None:
    """See how the store stands; make, migrate, copy and restore it.

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

    context.require_operations()
    item = migrate_store(context.store_location, dry_run=dry_run)
    text = context.text
    columns = [
        Column("from_version", text("store.from")),
        Column("to_version", text("store.to")),
        Column("action", text("store.action")),
        Column("done", text("store.done"), "text"),
    ]
    context.emit(kind="samdrift/store-migration", items=[item], columns=columns)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def backup(context: Context, file: Path) -> None:
    """Write one consistent state into FILE while writers go on.

    FILE is for your eyes alone: it holds every member's rows and the keys of
    the audit chain. It fits SQLite and PostgreSQL alike.

    \b
    Examples:
      samdrift store backup /srv/store.backup  # lab
      samdrift store backup /srv/store.backup --output json  # lab
    """
    from samdrift.operations.back_up_store import back_up_store

    with context.open_store() as store:
        _show_copy(context, back_up_store(store, file, viewer=context.viewer, at=context.at))


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Only say whether FILE is whole; change nothing.")
@yes_option
@pass_context
def restore(context: Context, file: Path, check: bool, yes: bool) -> None:
    """Fill an empty store from FILE; 1 when the store holds anything.

    \b
    Examples:
      samdrift store restore /srv/store.backup --check  # lab
      samdrift store restore /srv/store.backup --store /srv/new --yes  # lab
    """
    from samdrift.operations.back_up_store import check_store_backup, restore_store

    if check:
        _show_copy(context, check_store_backup(file))
        return
    context.confirm(context.text("store.restore-question", file=file, store=context.store_location or "-"), yes=yes)
    _show_copy(context, restore_store(file, context.store_location, viewer=context.viewer))


def _show_copy(context: Context, item: dict[str, Any]) -> None:
    columns = [Column("table", context.text("store.table"), "id"), Column("rows", context.text("store.rows"), "integer")]
    items = [item] if context.output == "json" else item["tables"]
    said = context.text(f"store.{item['state']}", rows=item["rows"], version=item["schema_version"], made=item["made_at"])
    context.emit(kind="samdrift/store-backup", items=items, columns=columns, summary=said)
