"""keep each finding's history with its row; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("finding", sa.Column("well_at", sa.BigInteger(), nullable=True))
    op.add_column("finding", sa.Column("first_seen_at", sa.BigInteger(), nullable=True))
    op.add_column("finding", sa.Column("last_ok_at", sa.BigInteger(), nullable=True))
    op.add_column("finding", sa.Column("runs_open", sa.Integer(), nullable=True))
    op.add_column("finding", sa.Column("flapped_at", sa.Text(), nullable=True))
