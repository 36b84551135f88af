"""The migration makes exactly the tables that the table files declare; killed, it leaves the old or the new."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from samdrift.store import migrate, schema
from samdrift.store.engine import make_sqlite_file
from samdrift.store.location import locate
from samdrift.store.store import Store, migrate_store

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = ROOT / "samdrift" / "store" / "migrations" / "versions"


def test_migrated_tables_are_those_of_the_table_files(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.complete()) == []


def test_the_program_reads_the_newest_migration():
    newest = max(path.stem for path in VERSIONS.glob("[0-9]*.py"))
    assert newest == schema.VERSION


def test_migrations_follow_one_another_without_a_gap():
    numbers = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    for before, number in zip([None, *numbers], numbers, strict=False):
        text = (VERSIONS / f"{number}.py").read_text()
        assert f"down_revision = {f'{chr(34)}{before}{chr(34)}' if before else None}" in text, f"{number} does not follow {before}"


def test_the_tool_finds_no_table_that_is_lacking():
    done = subprocess.run([sys.executable, "tools/migration.py", "--check"], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode == 0, f"run tools/migration.py 'What it adds':\n{done.stdout}{done.stderr[-2000:]}"


def test_no_table_keeps_money_or_instants_as_floating_numbers(store):
    with store.engine.connect() as connection:
        found = inspect(connection)
        for table in found.get_table_names():
            for column in found.get_columns(table):
                assert not re.search("FLOAT|REAL|DOUBLE|TIMESTAMP|DATETIME", str(column["type"]).upper()), (table, column)


def test_every_table_with_members_has_them_in_a_table_of_their_own():
    tables = schema.complete().tables
    for name, table in tables.items():
        if name.endswith("_member"):
            keys = {key.name for key in tables[name.removesuffix("_member")].primary_key}
            assert {column.name for column in table.primary_key} == keys | {"member"}, name


def test_a_store_of_the_version_before_is_copied_first_and_brought_up(tmp_path):
    state, before = tmp_path / "state", sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))[-2]
    state.mkdir(mode=0o700)
    make_sqlite_file(state / "samdrift.sqlite")
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    with Store(locate(state)) as store, store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
    assert migrate_store(state, dry_run=True) == (before, schema.VERSION)
    assert not (state / "backups").exists()
    assert migrate_store(state) == (before, schema.VERSION)
    with sqlite3.connect(state / "backups" / f"before-{before}.sqlite") as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)
    assert migrate_store(state) == (schema.VERSION, schema.VERSION)
