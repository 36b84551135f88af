"""Readings: the manifest of their Parquet parts, the daily roll-up, and whose each resource was from which day."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from samdrift.store.tables.base import Exact, Instant, Json, id_column, members_of, metadata

reading_part = Table(
    "reading_part",
    metadata,
    Column("path", String(500), primary_key=True),
    id_column("meter"),
    Column("day", Date, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("written_at", Instant, nullable=False),
    Index(None, "meter", "day"),
)

daily_usage = Table(
    "daily_usage",
    metadata,
    Column("day", Date, primary_key=True),
    id_column("meter", primary_key=True),
    Column("resource", String(500), primary_key=True),
    id_column("owner", primary_key=True),
    Column("quality", String(20), primary_key=True),
    Column("quantity_base", Exact, nullable=False),
    Column("seconds", Exact, nullable=False),
)
daily_usage_member = members_of(daily_usage)

resource_owner = Table(
    "resource_owner",
    metadata,
    Column("resource", String(500), primary_key=True),
    Column("from_day", Date, primary_key=True),
    Column("members", Json, nullable=False),
    Column("shares", Json),
)
