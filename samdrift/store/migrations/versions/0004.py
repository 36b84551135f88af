"""Retention, anomalies, escrow and volumes of backups; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "backup_forgotten",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("run", sa.String(length=200), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("forgotten_at", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_backup_forgotten")),
    )
    op.create_index(op.f("ix_backup_forgotten_backup_site"), "backup_forgotten", ["backup", "site"], unique=False)
    op.create_table(
        "backup_hold",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_hold")),
    )
    op.create_table(
        "backup_review",
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_backup_review")),
    )
    op.create_table(
        "escrow_key",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "repository", "key", name=op.f("pk_escrow_key")),
    )
    op.create_table(
        "escrow_proof",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_escrow_proof")),
    )
    op.create_index(
        op.f("ix_escrow_proof_repository_site_kind_at"),
        "escrow_proof",
        ["repository", "site", "kind", "at"],
        unique=False,
    )
    op.create_table(
        "repository_volume",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "repository", "day", name=op.f("pk_repository_volume")),
    )
    op.create_table(
        "target_volume",
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("target", "day", name=op.f("pk_target_volume")),
    )
    op.create_table(
        "backup_hold_member",
        sa.Column("id", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["backup_hold.id"], name=op.f("fk_backup_hold_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "member", name=op.f("pk_backup_hold_member")),
    )
    op.create_index(op.f("ix_backup_hold_member_member"), "backup_hold_member", ["member"], unique=False)
    op.create_table(
        "backup_review_member",
        sa.Column("origin", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin"], ["backup_review.origin"], name=op.f("fk_backup_review_member_origin"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("origin", "member", name=op.f("pk_backup_review_member")),
    )
    op.create_index(op.f("ix_backup_review_member_member"), "backup_review_member", ["member"], unique=False)
    op.create_table(
        "backup_sign",
        sa.Column("run", sa.String(length=200), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("signals", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["backup_run.id"], name=op.f("fk_backup_sign_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_backup_sign")),
    )
    op.create_index(op.f("ix_backup_sign_backup_at"), "backup_sign", ["backup", "at"], unique=False)
    op.create_table(
        "backup_sign_member",
        sa.Column("run", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"], ["backup_sign.run"], name=op.f("fk_backup_sign_member_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run", "member", name=op.f("pk_backup_sign_member")),
    )
    op.create_index(op.f("ix_backup_sign_member_member"), "backup_sign_member", ["member"], unique=False)
