"""What all tables share: the metadata, and columns for instants, exact numbers, JSON and members."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKeyConstraint, MetaData, String, Table, Text, TypeDecorator

from samdrift.model.chain import canonical
from samdrift.model.period import from_microseconds, microseconds
from samdrift.model.quantity import exact

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
ID_LENGTH = 200


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as BIGINT microseconds UTC (common.md 8)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else from_microseconds(value)


class Exact(TypeDecorator[Fraction]):
    """An exact number, kept as text `n` or `n/d`; it is never summed in SQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | int | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else exact(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else Fraction(value)


class Json(TypeDecorator[Any]):
    """A value as canonical JSON text: the same bytes in both engines; None is SQL's NULL, lists come back as tuples."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else tuples(json.loads(value))


def tuples(value: Any) -> Any:
    """A JSON value with its lists as tuples, all the way down."""
    if isinstance(value, dict):
        return {key: tuples(inner) for key, inner in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def id_column(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """A column for an id or a short name."""
    return Column(name, String(ID_LENGTH), primary_key=primary_key, nullable=nullable)


def members_of(table: Table) -> Table:
    """`<table>_member`: the members that a row concerns, fixed when it is written; what a member's viewer may read."""
    keys = list(table.primary_key.columns)
    return Table(
        f"{table.name}_member",
        metadata,
        *(Column(key.name, key.type, primary_key=True, autoincrement=False) for key in keys),
        Column("member", String(ID_LENGTH), primary_key=True, index=True),
        ForeignKeyConstraint([key.name for key in keys], [f"{table.name}.{key.name}" for key in keys], ondelete="CASCADE"),
    )
