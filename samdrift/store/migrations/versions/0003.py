"""What earlier runs saw of DNS zones; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "dns_sight",
        sa.Column("view", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("ttl_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("view", "zone", "kind", "what", "address", name=op.f("pk_dns_sight")),
    )
    op.create_index(op.f("ix_dns_sight_kind_gone_at"), "dns_sight", ["kind", "gone_at"], unique=False)
    op.create_table(
        "dns_zone",
        sa.Column("view", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=255), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("view", "zone", name=op.f("pk_dns_zone")),
    )
    op.create_table(
        "dns_zone_member",
        sa.Column("view", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=255), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["view", "zone"],
            ["dns_zone.view", "dns_zone.zone"],
            name=op.f("fk_dns_zone_member_view_zone"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("view", "zone", "member", name=op.f("pk_dns_zone_member")),
    )
    op.create_index(op.f("ix_dns_zone_member_member"), "dns_zone_member", ["member"], unique=False)
