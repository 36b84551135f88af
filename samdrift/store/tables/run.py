"""Runs: the one ledger of work, and who holds the lock of a job."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from samdrift.store.tables.base import ID_LENGTH, Instant, Json, id_column, members_of, metadata

run = Table(
    "run",
    metadata,
    id_column("id", primary_key=True),
    id_column("job"),
    id_column("subject"),
    id_column("period", nullable=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(20)),
    Column("host", String(ID_LENGTH), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("counts", Json, nullable=False),
    Column("reasons", Json, nullable=False),
    Index(None, "job", "started_at"),
)
run_member = members_of(run)

job_lock = Table(
    "job_lock",
    metadata,
    id_column("name", primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("host", String(ID_LENGTH), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("birth", String(ID_LENGTH), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("released", Integer, nullable=False),
)
