"""More tables; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "backup_key",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "repository", "key", name=op.f("pk_backup_key")),
    )
    op.create_table(
        "backup_lock",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("lock", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "repository", "lock", name=op.f("pk_backup_lock")),
    )
    op.add_column("backup_snapshot", sa.Column("part", sa.String(length=200), server_default="", nullable=False))
