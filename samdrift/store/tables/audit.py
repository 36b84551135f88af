"""The audit chain: entries with a salted digest per field, their members, and the head."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from samdrift.store.tables.base import ID_LENGTH, Instant, Json, members_of, metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant),
    Column("actor", String(ID_LENGTH)),
    Column("verb", String(ID_LENGTH)),
    Column("object", String(500)),
    Column("members", Text),
    Column("before", Text),
    Column("after", Text),
    Column("fields", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("key_id", String(40), nullable=False),
)
audit_entry_member = members_of(audit_entry)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)
