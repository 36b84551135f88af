"""Volume: what was measured of each repository and target, day by day."""

from sqlalchemy import BigInteger, Column, Date, Table

from samdrift.store.tables.base import Instant, id_column, metadata

repository_volume = Table(
    "repository_volume",
    metadata,
    id_column("site", primary_key=True),
    id_column("repository", primary_key=True),
    Column("day", Date, primary_key=True),
    id_column("owner"),
    Column("at", Instant, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
)

target_volume = Table(
    "target_volume",
    metadata,
    id_column("target", primary_key=True),
    Column("day", Date, primary_key=True),
    id_column("site"),
    Column("at", Instant, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("free_bytes", BigInteger),
    Column("size_bytes", BigInteger),
)
