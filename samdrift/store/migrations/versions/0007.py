"""Documents and bookings of costs, and a signature of closes; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("booking", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("about", sa.String(length=7), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("booked_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("pools", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agreement", "booking", name=op.f("pk_booking")),
    )
    op.create_table(
        "cost_document",
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("pool", sa.String(length=200), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("spread", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document", "line", name=op.f("pk_cost_document")),
    )
    op.create_table(
        "booking_line",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("booking", sa.String(length=60), nullable=False),
        sa.Column("pool", sa.String(length=200), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=True),
        sa.Column("component", sa.String(length=20), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("exact_ore", sa.Text(), nullable=False),
        sa.Column("share", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("estimated_share", sa.Text(), nullable=False),
        sa.Column("vat_category", sa.String(length=2), nullable=False),
        sa.Column("vat_rate", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("corrects", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement", "booking"],
            ["booking.agreement", "booking.booking"],
            name=op.f("fk_booking_line_agreement_booking"),
        ),
        sa.PrimaryKeyConstraint("agreement", "line", name=op.f("pk_booking_line")),
    )
    op.create_index(op.f("ix_booking_line_agreement_booking"), "booking_line", ["agreement", "booking"], unique=False)
    op.create_table(
        "booking_line_member",
        sa.Column("agreement", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=300), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "line"],
            ["booking_line.agreement", "booking_line.line"],
            name=op.f("fk_booking_line_member_agreement_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement", "line", "member", name=op.f("pk_booking_line_member")),
    )
    op.create_index(op.f("ix_booking_line_member_member"), "booking_line_member", ["member"], unique=False)
    op.add_column("month_close", sa.Column("signature", sa.String(length=128), nullable=True))
    op.add_column("month_close", sa.Column("signer", sa.String(length=64), nullable=True))
