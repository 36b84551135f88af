"""Engines: SQLite in WAL with full syncs and explicit BEGIN, or PostgreSQL that does not lie about its syncs (reliability.md 2.1, S7)."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from samdrift.model.errors import WrongUse
from samdrift.store.location import Location

BUSY_S = 30
"""How long one writer waits for another."""
CONNECT_S = 5
WRITES = "samdrift_writes"
"""Execution option: the transaction begins as a writer, for a reading one that turns to writing is refused without waiting."""


def make_engine(where: Location) -> Engine:
    """An engine for a store that is there; nothing is opened yet."""
    if where.url is None:
        return _sqlite(where.database)
    return create_engine(where.url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_S, "application_name": "samdrift"})


def _sqlite(database: Path) -> Engine:
    """`mode=rw` opens what is there and never makes a file: reading creates no store."""
    url = URL.create("sqlite", database=f"file:{database}", query={"mode": "rw", "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": BUSY_S})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "synchronous = FULL", f"busy_timeout = {BUSY_S * 1000}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")

    return engine


def make_sqlite_file(database: Path) -> None:
    """An empty database that only we may read, in WAL mode; what is there already stays."""
    descriptor = os.open(database, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(database, timeout=BUSY_S)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def require_durable(connection: Connection, name: str) -> None:
    """WrongUse when a PostgreSQL server acknowledges what is not on its disk (S7)."""
    if connection.dialect.name != "postgresql":
        return
    for setting in ("fsync", "synchronous_commit"):
        if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
            raise WrongUse(f"{name} runs with {setting} = off: what it acknowledges may be lost", help=f"set {setting} = on in postgresql.conf")
