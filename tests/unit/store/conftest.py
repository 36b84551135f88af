"""Stores for tests: SQLite in a folder of the test's own, or the PostgreSQL server that SAMDRIFT_TEST_POSTGRESQL names."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from samdrift.store import Store, open_store

AT = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
SERVER = os.environ.get("SAMDRIFT_TEST_POSTGRESQL")
"""`postgresql://USER@/DATABASE?host=…` of a server where databases may be made; unset: SQLite."""


@dataclass(frozen=True)
class Where:
    """What `open_store` is given; `environment` says the same to a program started by a test."""

    location: str
    state_dir: Path

    def open(self, *, create: bool = False) -> Store:
        return open_store(self.location, create=create, state_dir=self.state_dir)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"TEST_STORE": self.location, "TEST_STATE": str(self.state_dir)}


@pytest.fixture
def places(tmp_path):
    """places(): a place where no store is yet; each call another."""
    made = []

    def another():
        state = tmp_path / f"state{len(made) or ''}"
        if SERVER is None:
            made.append(None)
            return Where(str(state), state)
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        made.append(name)
        before, _, query = SERVER.partition("?")
        return Where(f"{before.rpartition('/')[0]}/{name}?{query}", state)

    yield another
    for name in filter(None, made):
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def where(places):
    """A place where no store is yet."""
    return places()


@pytest.fixture
def store(where):
    with where.open(create=True) as opened:
        yield opened


@pytest.fixture
def sqlite_only():
    if SERVER is not None:
        pytest.skip("this is about the embedded database's file")
