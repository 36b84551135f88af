"""Migration: from nothing or an older schema to this program's, in one transaction (reliability.md S4)."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from samdrift.model.errors import WrongStoreVersion, WrongUse
from samdrift.store.schema import VERSION

FOLDER = Path(__file__).parent / "migrations"
_ADVISORY = 7_236_001
"""Any number, the same for all: PostgreSQL's advisory lock of a migration."""


def version(connection: Connection) -> str | None:
    """The schema's version, or None where there is no store yet. WrongUse when other tables are there."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise WrongUse(f"the database holds other tables ({min(tables)} …) and no store of samdrift", help="name an empty database or folder")
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_version(found: str, name: str) -> None:
    """WrongStoreVersion naming both, unless the store has this program's version."""
    if found != VERSION:
        older = found < VERSION
        raise WrongStoreVersion(
            f"the store {name} has schema version {found}, this program needs {VERSION}",
            help="samdrift store migrate" if older else "use the newer samdrift that wrote it, or restore a backup",
        )


def upgrade(connection: Connection) -> None:
    """Bring the store behind `connection`, whose transaction has begun, to VERSION; the caller commits all of it or nothing."""
    from alembic import command  # a tenth of a second that no other command shall pay
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
