"""Closed months: the close of an agreement's month, its frozen documents, its pools and its ledger lines."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, String, Table

from samdrift.store.tables.base import Exact, Instant, Json, id_column, members_of, metadata


def _of_close() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["agreement", "month"], ["month_close.agreement", "month_close.month"])


month_close = Table(
    "month_close",
    metadata,
    id_column("agreement", primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("closed_at", Instant, nullable=False),
    id_column("closed_by"),
    Column("digests", Json, nullable=False),
    Column("accepted", Json, nullable=False),
    Column("notes", Json, nullable=False),
    Column("accumulated", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("signature", String(128)),
    Column("signer", String(64)),
)

close_document = Table(
    "close_document",
    metadata,
    id_column("agreement", primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("path", String(500), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    _of_close(),
)

pool_total = Table(
    "pool_total",
    metadata,
    id_column("agreement", primary_key=True),
    Column("month", String(7), primary_key=True),
    id_column("pool", primary_key=True),
    Column("amount_ore", BigInteger, nullable=False),
    Column("allocated_ore", BigInteger, nullable=False),
    Column("to_settlement_ore", BigInteger, nullable=False),
    Column("unallocated_ore", BigInteger, nullable=False),
    _of_close(),
)

member_total = Table(
    "member_total",
    metadata,
    id_column("agreement", primary_key=True),
    Column("month", String(7), primary_key=True),
    id_column("payer", primary_key=True),
    Column("net_ore", BigInteger, nullable=False),
    Column("vat_ore", BigInteger, nullable=False),
    _of_close(),
)

ledger_line = Table(
    "ledger_line",
    metadata,
    id_column("agreement", primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("line", String(300), primary_key=True),
    id_column("pool"),
    id_column("payer"),
    id_column("service", nullable=True),
    Column("component", String(20), nullable=False),
    Column("amount_ore", BigInteger, nullable=False),
    Column("exact_ore", Exact, nullable=False),
    Column("share", Exact),
    Column("quantity", Exact),
    Column("unit", String(40)),
    Column("price", Exact),
    Column("estimated_share", Exact, nullable=False),
    Column("vat_category", String(2), nullable=False),
    Column("vat_rate", Exact, nullable=False),
    Column("versions", Json, nullable=False),
    Column("documents", Json, nullable=False),
    Column("corrects", String(300)),
    Index(None, "payer", "month"),
    _of_close(),
)
ledger_line_member = members_of(ledger_line)
