"""Alerts: one row an occurrence, by fingerprint and start, so that a post may come twice."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from samdrift.store.tables.base import Instant, Json, id_column, members_of, metadata

alert = Table(
    "alert",
    metadata,
    id_column("id", primary_key=True),
    Column("fingerprint", String(32), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("labels", Json, nullable=False),
    Column("annotations", Json, nullable=False),
    Column("first_told_at", Instant, nullable=False),
    Column("last_told_at", Instant, nullable=False),
    Column("posts", Integer, nullable=False),
    UniqueConstraint("fingerprint", "starts_at"),
    Index(None, "ends_at"),
)
alert_member = members_of(alert)
