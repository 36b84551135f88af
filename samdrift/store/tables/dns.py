"""DNS history: what earlier runs saw of each zone, one row a thing and server, and which zones were looked at (dns.md D11)."""

from sqlalchemy import Column, Index, Integer, String, Table

from samdrift.store.tables.base import ID_LENGTH, Instant, id_column, members_of, metadata

dns_zone = Table(
    "dns_zone",
    metadata,
    id_column("view", primary_key=True),
    Column("zone", String(255), primary_key=True),
    Column("runs", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)
dns_zone_member = members_of(dns_zone)

dns_sight = Table(
    "dns_sight",
    metadata,
    id_column("view", primary_key=True),
    Column("zone", String(255), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("what", String(ID_LENGTH), primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("first_at", Instant, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("gone_at", Instant),
    Column("ttl_seconds", Integer, nullable=False),
    Index(None, "kind", "gone_at"),
)
