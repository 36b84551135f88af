"""Escrow: the second key of each repository, sealed, and when a custodian last opened it."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from samdrift.store.tables.base import Instant, Json, id_column, metadata

escrow_key = Table(
    "escrow_key",
    metadata,
    id_column("site", primary_key=True),
    id_column("repository", primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("sealed_sha256", String(64), nullable=False),
    Column("recipients", Json, nullable=False),
    id_column("who"),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

escrow_proof = Table(
    "escrow_proof",
    metadata,
    Column("seq", Integer, primary_key=True),
    id_column("site"),
    id_column("repository"),
    Column("key", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    id_column("who"),
    Column("at", Instant, nullable=False),
    Index(None, "repository", "site", "kind", "at"),
)
