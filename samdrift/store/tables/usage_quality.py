"""How a month's usage stood when it was last rolled up: one row a month, meter and member."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from samdrift.store.tables.base import Exact, Instant, id_column, metadata

usage_quality = Table(
    "usage_quality",
    metadata,
    Column("month", String(7), primary_key=True),
    id_column("meter", primary_key=True),
    id_column("member", primary_key=True),
    Column("quantity_base", Exact, nullable=False),
    Column("estimated_base", Exact, nullable=False),
    Column("unmeasured_seconds", Exact, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("conflicts", Integer, nullable=False),
    Column("last_reading_at", Instant),
    Column("rolled_up_at", Instant, nullable=False),
)
