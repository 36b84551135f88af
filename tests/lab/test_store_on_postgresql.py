"""The store's whole test suite on a real PostgreSQL 15, whose syncs are on."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from samdrift.model.errors import WrongUse
from samdrift.store import open_store
from tests.lab.labkit.process import Process
from tests.lab.parts.postgresql import Postgresql

pytestmark = pytest.mark.level("user")
ROOT = __file__.rsplit("/tests/", 1)[0]


class Durable(Postgresql):
    """The part with its syncs on: the store refuses a server that acknowledges what is not on disk."""

    def programs(self) -> Sequence[Process]:
        return [self.process("postgres", [word.replace("fsync=off", "fsync=on") for word in each.argv], user=self.user, cwd=self.folder / "data") for each in super().programs()]


@pytest.fixture
def folder():
    """Outside pytest's own folder, which every new session closes for other users."""
    with tempfile.TemporaryDirectory(prefix="samdrift-postgresql-") as made:
        yield Path(made)


def address(part):
    return f"postgresql://postgres@/postgres?host={part.socket}&port={part.port('pg', 5432)}"


def test_the_whole_suite_of_the_store_passes_on_postgresql(folder):
    with Durable(folder / "pg") as part:
        # tests about SQLite's own file do not concern this engine: their skip is no missing part
        kept = {name: value for name, value in os.environ.items() if name != "SAMDRIFT_LAB_REQUIRE"}
        environment = kept | {"SAMDRIFT_TEST_POSTGRESQL": address(part)}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'pytest'}", "tests/unit/store"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


def test_a_server_without_syncs_is_refused(folder):
    with Postgresql(folder / "pg") as part, pytest.raises(WrongUse, match="fsync = off"):
        open_store(address(part), create=True, state_dir=folder / "state")
