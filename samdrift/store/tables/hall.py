"""Hall readings: every poll's judged quantities; the newest of a quantity is its state now."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from samdrift.store.tables.base import Instant, id_column, metadata

hall_reading = Table(
    "hall_reading",
    metadata,
    id_column("element", primary_key=True),
    id_column("quantity", primary_key=True),
    Column("observed_at", Instant, primary_key=True, autoincrement=False),
    id_column("site"),
    Column("unit", String(40), nullable=False),
    Column("quality", String(20), nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("source", String(40), nullable=False),
    Column("value", BigInteger),
    Column("word", String(200)),
    Column("reason", String(40)),
    Index(None, "observed_at"),
)
