"""How far each meter's readings were collected from each source: where the next collection goes on."""

from sqlalchemy import Column, String, Table

from samdrift.store.tables.base import Instant, id_column, metadata

collection = Table(
    "collection",
    metadata,
    Column("source", String(200), primary_key=True),
    id_column("meter", primary_key=True),
    Column("until", Instant, nullable=False),
)
