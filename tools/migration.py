"""Writes the store's first migration from its table files; `--check` only compares. Until the first release there is one."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import TypeDecorator, create_engine

from samdrift.store.schema import VERSION, complete

TARGET = Path(__file__).resolve().parent.parent / "samdrift" / "store" / "migrations" / "versions" / f"{VERSION}.py"
HEAD = '''"""The store's first schema; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "{version}"
down_revision = None


def upgrade() -> None:
    {body}
'''


def render_type(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Our own column types stand in the migration as what the database sees."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def text() -> str:
    """The migration's text: from an empty database to all tables."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_item": render_type, "target_metadata": complete(), "user_module_prefix": None})
        produced = produce_migrations(context, complete())
        assert produced.upgrade_ops is not None
        body = render_python_code(produced.upgrade_ops, render_item=render_type, migration_context=context)
    lines = [line.rstrip() for line in body.splitlines() if not line.lstrip().startswith("# ###")]
    made = HEAD.format(version=VERSION, body="\n".join(lines).strip())
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", TARGET.name, "-"]
    return subprocess.run(command, input=made, capture_output=True, text=True, check=True, timeout=60).stdout


def main(arguments: list[str]) -> int:
    """Write the migration; with `--check` exit 1 and print the difference when it is stale."""
    wanted = text()
    found = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if "--check" in arguments:
        sys.stdout.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), "migration", "tables"))
        return int(found != wanted)
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
