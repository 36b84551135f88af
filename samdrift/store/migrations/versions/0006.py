"""How a month's usage stands; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "usage_quality",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("meter", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("quantity_base", sa.Text(), nullable=False),
        sa.Column("estimated_base", sa.Text(), nullable=False),
        sa.Column("unmeasured_seconds", sa.Text(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("last_reading_at", sa.BigInteger(), nullable=True),
        sa.Column("rolled_up_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", "meter", "member", name=op.f("pk_usage_quality")),
    )
