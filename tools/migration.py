"""Writes the next migration: from the schema that the folder's migrations make to what the table files say; `--check` only compares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import TypeDecorator, create_engine

from samdrift.store.migrate import upgrade
from samdrift.store.schema import VERSION, complete

FOLDER = Path(__file__).resolve().parent.parent / "samdrift" / "store" / "migrations" / "versions"
HEAD = '''"""{title}; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = "{before}"


def upgrade() -> None:
    {body}
'''


def render_type(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Our own column types stand in the migration as what the database sees."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def body() -> str:
    """What is lacking between the newest migration and the table files, as Python; empty when nothing is."""
    with create_engine("sqlite://").connect() as connection:
        with connection.begin():
            upgrade(connection)
        context = MigrationContext.configure(connection, opts={"render_item": render_type, "target_metadata": complete(), "user_module_prefix": None})
        produced = produce_migrations(context, complete())
        assert produced.upgrade_ops is not None
        if produced.upgrade_ops.is_empty():
            return ""
        made = render_python_code(produced.upgrade_ops, render_item=render_type, migration_context=context)
    return "\n".join(line.rstrip() for line in made.splitlines() if not line.lstrip().startswith("# ###")).strip()


def main(arguments: list[str]) -> int:
    """`tools/migration.py "What it adds"` writes the next migration, if one is lacking; with `--check` exit 1 and print it."""
    lacking = body()
    if "--check" in arguments or not lacking:
        print(lacking or "the table files are what the migrations make")
        return int(bool(lacking))
    version = f"{int(VERSION) + 1:04d}"
    made = HEAD.format(title=next(iter(arguments), "More tables"), version=version, before=VERSION, body=lacking)
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", f"{version}.py", "-"]
    done = subprocess.run(command, input=made, capture_output=True, text=True, check=True, timeout=60)
    (FOLDER / f"{version}.py").write_text(done.stdout, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
