"""Costs between closes: imported documents of cost pools, and what is booked beside a month's split (corrections, advances, settlements)."""

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, String, Table, Text

from samdrift.store.tables.base import Exact, Instant, Json, id_column, members_of, metadata

cost_document = Table(
    "cost_document",
    metadata,
    Column("document", String(200), primary_key=True),
    Column("line", String(200), primary_key=True),
    id_column("pool"),
    Column("amount_ore", BigInteger, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("spread", String(10)),
    Column("kind", String(20), nullable=False),
    Column("supplier", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

booking = Table(
    "booking",
    metadata,
    id_column("agreement", primary_key=True),
    Column("booking", String(60), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("period", String(7), nullable=False),
    Column("about", String(7), nullable=False),
    Column("booked_at", Instant, nullable=False),
    id_column("booked_by"),
    Column("reason", Text, nullable=False),
    Column("pools", Json, nullable=False),
)

booking_line = Table(
    "booking_line",
    metadata,
    id_column("agreement", primary_key=True),
    Column("line", String(300), primary_key=True),
    Column("booking", String(60), nullable=False),
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
    Index(None, "agreement", "booking"),
    ForeignKeyConstraint(["agreement", "booking"], ["booking.agreement", "booking.booking"]),
)
booking_line_member = members_of(booking_line)

cost_watch = Table(
    "cost_watch",
    metadata,
    id_column("agreement", primary_key=True),
    Column("metric", String(100), primary_key=True),
    Column("label", String(200), primary_key=True),
    Column("value", Exact, nullable=False),
    Column("observed_at", Instant, nullable=False),
)
