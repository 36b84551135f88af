"""Network backups: how each run's reading of each device went; the texts themselves are in git below the state folder."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from samdrift.store.tables.base import Instant, id_column, members_of, metadata

network_backup = Table(
    "network_backup",
    metadata,
    id_column("run", primary_key=True),
    id_column("device", primary_key=True),
    id_column("label"),
    id_column("site"),
    id_column("platform"),
    Column("status", String(20), nullable=False),
    Column("reason", String(40)),
    Column("message", Text, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("last_success_at", Instant),
    Column("commit_id", String(64)),
    Column("size_bytes", BigInteger),
    Column("unsaved", Boolean),
    Index(None, "device", "observed_at"),
)
network_backup_member = members_of(network_backup)
