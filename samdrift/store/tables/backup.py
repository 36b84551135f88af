"""Backups: judged runs, snapshots by site, the last look at each repository, slices read, and the chain of drill proofs."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from samdrift.store.tables.base import ID_LENGTH, Instant, Json, id_column, members_of, metadata

backup_run = Table(
    "backup_run",
    metadata,
    Column("id", String(ID_LENGTH), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    id_column("backup"),
    id_column("site"),
    Column("action", String(20), nullable=False),
    id_column("member"),
    Column("outcome", String(20), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("snapshot", String(64)),
    Column("files", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("added_bytes", BigInteger, nullable=False),
    Column("manifest_sha256", String(64), nullable=False),
    Column("engine", String(ID_LENGTH), nullable=False),
    Column("message", Text, nullable=False),
    Column("more", Json, nullable=False),
    Index(None, "backup", "action", "started_at"),
)
backup_run_member = members_of(backup_run)

backup_snapshot = Table(
    "backup_snapshot",
    metadata,
    id_column("site", primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("original", String(64)),
    id_column("backup"),
    id_column("member"),
    Column("state", String(20), nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("arrival_at", Instant, nullable=False),
    Column("recovery_point_at", Instant, nullable=False),
    id_column("run", nullable=True),
    Column("files", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("vanished_at", Instant),
    Column("part", String(ID_LENGTH), nullable=False, server_default=""),
    Index(None, "backup", "site", "state", "recovery_point_at"),
)
backup_snapshot_member = members_of(backup_snapshot)

backup_look = Table(
    "backup_look",
    metadata,
    id_column("backup", primary_key=True),
    id_column("site", primary_key=True),
    id_column("member"),
    Column("at", Instant, nullable=False),
    Column("up", Boolean, nullable=False),
    Column("reason", String(40)),
    Column("repository_id", String(64), nullable=False),
    Column("snapshots", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("stored_bytes", BigInteger),
    Column("check_coverage_permille", Integer),
    Column("checked_at", Instant),
)
backup_look_member = members_of(backup_look)

backup_slice = Table(
    "backup_slice",
    metadata,
    id_column("site", primary_key=True),
    id_column("repository", primary_key=True),
    Column("slices", Integer, primary_key=True, autoincrement=False),
    Column("slice", Integer, primary_key=True, autoincrement=False),
    Column("read_at", Instant, nullable=False),
)

backup_key = Table(
    "backup_key",
    metadata,
    id_column("site", primary_key=True),
    id_column("repository", primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("known", Boolean, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
)

backup_lock = Table(
    "backup_lock",
    metadata,
    id_column("site", primary_key=True),
    id_column("repository", primary_key=True),
    Column("lock", String(64), primary_key=True),
    Column("first_seen_at", Instant, nullable=False),
)

drill_proof = Table(
    "drill_proof",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(ID_LENGTH), nullable=False, unique=True),
    id_column("backup"),
    id_column("site"),
    Column("level", Integer, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("content", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index(None, "backup", "level", "started_at"),
)
drill_proof_member = members_of(drill_proof)
