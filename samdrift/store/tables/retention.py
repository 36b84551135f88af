"""Retention: holds, what prune forgot, and what persons said of snapshots."""

from sqlalchemy import Column, Index, String, Table, Text

from samdrift.store.tables.base import ID_LENGTH, Instant, id_column, members_of, metadata

backup_hold = Table(
    "backup_hold",
    metadata,
    Column("id", String(ID_LENGTH), primary_key=True),
    id_column("backup"),
    id_column("member"),
    Column("reason", Text, nullable=False),
    id_column("who"),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("removed_at", Instant),
)
backup_hold_member = members_of(backup_hold)

backup_forgotten = Table(
    "backup_forgotten",
    metadata,
    id_column("site", primary_key=True),
    Column("id", String(64), primary_key=True),
    id_column("backup"),
    Column("origin", String(64), nullable=False),
    id_column("run"),
    Column("planned_at", Instant, nullable=False),
    Column("forgotten_at", Instant),
    Column("because", Text, nullable=False),
    Index(None, "backup", "site"),
)

backup_review = Table(
    "backup_review",
    metadata,
    Column("origin", String(64), primary_key=True),
    id_column("backup"),
    id_column("member"),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    id_column("who"),
    Column("at", Instant, nullable=False),
)
backup_review_member = members_of(backup_review)
