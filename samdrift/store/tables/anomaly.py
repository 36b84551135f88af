"""Anomaly: the signs of each run, and what they were judged to be."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from samdrift.store.tables.base import ID_LENGTH, Instant, Json, id_column, members_of, metadata

backup_sign = Table(
    "backup_sign",
    metadata,
    Column("run", String(ID_LENGTH), ForeignKey("backup_run.id", ondelete="CASCADE"), primary_key=True),
    id_column("backup"),
    id_column("member"),
    Column("at", Instant, nullable=False),
    Column("judged", Boolean, nullable=False),
    Column("suspect", Boolean, nullable=False),
    Column("signs", Json, nullable=False),
    Column("signals", Json, nullable=False),
    Index(None, "backup", "at"),
)
backup_sign_member = members_of(backup_sign)
