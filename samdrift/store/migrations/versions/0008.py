"""What the watch over costs last found; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "cost_watch",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("metric", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agreement", "metric", "label", name=op.f("pk_cost_watch")),
    )
