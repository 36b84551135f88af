"""The store's first schema; written from samdrift/store/tables by tools/migration.py."""

# ruff: noqa: D103 - generated

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("annotations", sa.Text(), nullable=False),
        sa.Column("first_told_at", sa.BigInteger(), nullable=False),
        sa.Column("last_told_at", sa.BigInteger(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("fingerprint", "starts_at", name=op.f("uq_alert_fingerprint_starts_at")),
    )
    op.create_index(op.f("ix_alert_ends_at"), "alert", ["ends_at"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=True),
        sa.Column("verb", sa.String(length=200), nullable=True),
        sa.Column("object", sa.String(length=500), nullable=True),
        sa.Column("members", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "backup_look",
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("up", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("repository_id", sa.String(length=64), nullable=False),
        sa.Column("snapshots", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=True),
        sa.Column("check_coverage_permille", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("backup", "site", name=op.f("pk_backup_look")),
    )
    op.create_table(
        "backup_slice",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("repository", sa.String(length=200), nullable=False),
        sa.Column("slices", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "repository", "slices", "slice", name=op.f("pk_backup_slice")),
    )
    op.create_table(
        "backup_snapshot",
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=True),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("arrival_at", sa.BigInteger(), nullable=False),
        sa.Column("recovery_point_at", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.String(length=200), nullable=True),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("vanished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_backup_snapshot")),
    )
    op.create_index(
        op.f("ix_backup_snapshot_backup_site_state_recovery_point_at"),
        "backup_snapshot",
        ["backup", "site", "state", "recovery_point_at"],
        unique=False,
    )
    op.create_table(
        "daily_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meter", sa.String(length=200), nullable=False),
        sa.Column("resource", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("quantity_base", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "meter", "resource", "owner", "quality", name=op.f("pk_daily_usage")),
    )
    op.create_table(
        "drill_proof",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_drill_proof")),
        sa.UniqueConstraint("id", name=op.f("uq_drill_proof_id")),
    )
    op.create_index(
        op.f("ix_drill_proof_backup_level_started_at"), "drill_proof", ["backup", "level", "started_at"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "hall_reading",
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.String(length=200), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("word", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("element", "quantity", "observed_at", name=op.f("pk_hall_reading")),
    )
    op.create_index(op.f("ix_hall_reading_observed_at"), "hall_reading", ["observed_at"], unique=False)
    op.create_table(
        "job_lock",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("birth", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lock")),
    )
    op.create_table(
        "month_close",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("accumulated", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("agreement", "month", name=op.f("pk_month_close")),
    )
    op.create_table(
        "network_backup",
        sa.Column("run", sa.String(length=200), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("platform", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("last_success_at", sa.BigInteger(), nullable=True),
        sa.Column("commit_id", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("unsaved", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("run", "device", name=op.f("pk_network_backup")),
    )
    op.create_index(
        op.f("ix_network_backup_device_observed_at"), "network_backup", ["device", "observed_at"], unique=False
    )
    op.create_table(
        "reading_part",
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("meter", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_reading_part")),
    )
    op.create_index(op.f("ix_reading_part_meter_day"), "reading_part", ["meter", "day"], unique=False)
    op.create_table(
        "resource_owner",
        sa.Column("resource", sa.String(length=500), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("shares", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("resource", "from_day", name=op.f("pk_resource_owner")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=200), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_job_started_at"), "run", ["job", "started_at"], unique=False)
    op.create_table(
        "alert_member",
        sa.Column("id", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["alert.id"], name=op.f("fk_alert_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "member", name=op.f("pk_alert_member")),
    )
    op.create_index(op.f("ix_alert_member_member"), "alert_member", ["member"], unique=False)
    op.create_table(
        "audit_entry_member",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["audit_entry.seq"], name=op.f("fk_audit_entry_member_seq"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", "member", name=op.f("pk_audit_entry_member")),
    )
    op.create_index(op.f("ix_audit_entry_member_member"), "audit_entry_member", ["member"], unique=False)
    op.create_table(
        "backup_look_member",
        sa.Column("backup", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("site", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["backup", "site"],
            ["backup_look.backup", "backup_look.site"],
            name=op.f("fk_backup_look_member_backup_site"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("backup", "site", "member", name=op.f("pk_backup_look_member")),
    )
    op.create_index(op.f("ix_backup_look_member_member"), "backup_look_member", ["member"], unique=False)
    op.create_table(
        "backup_run",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=True),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("added_bytes", sa.BigInteger(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["run.id"], name=op.f("fk_backup_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
    )
    op.create_index(
        op.f("ix_backup_run_backup_action_started_at"), "backup_run", ["backup", "action", "started_at"], unique=False
    )
    op.create_table(
        "backup_snapshot_member",
        sa.Column("site", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "id"],
            ["backup_snapshot.site", "backup_snapshot.id"],
            name=op.f("fk_backup_snapshot_member_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site", "id", "member", name=op.f("pk_backup_snapshot_member")),
    )
    op.create_index(op.f("ix_backup_snapshot_member_member"), "backup_snapshot_member", ["member"], unique=False)
    op.create_table(
        "close_document",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "month"],
            ["month_close.agreement", "month_close.month"],
            name=op.f("fk_close_document_agreement_month"),
        ),
        sa.PrimaryKeyConstraint("agreement", "month", "path", name=op.f("pk_close_document")),
    )
    op.create_table(
        "daily_usage_member",
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("meter", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("resource", sa.String(length=500), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("quality", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["day", "meter", "resource", "owner", "quality"],
            [
                "daily_usage.day",
                "daily_usage.meter",
                "daily_usage.resource",
                "daily_usage.owner",
                "daily_usage.quality",
            ],
            name=op.f("fk_daily_usage_member_day_meter_resource_owner_quality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "day", "meter", "resource", "owner", "quality", "member", name=op.f("pk_daily_usage_member")
        ),
    )
    op.create_index(op.f("ix_daily_usage_member_member"), "daily_usage_member", ["member"], unique=False)
    op.create_table(
        "drill_proof_member",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["drill_proof.seq"], name=op.f("fk_drill_proof_member_seq"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", "member", name=op.f("pk_drill_proof_member")),
    )
    op.create_index(op.f("ix_drill_proof_member_member"), "drill_proof_member", ["member"], unique=False)
    op.create_table(
        "finding",
        sa.Column("run", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("check", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("noun", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=True),
        sa.Column("view", sa.String(length=200), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=True),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("waiver", sa.String(length=200), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_finding_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "number", name=op.f("pk_finding")),
    )
    op.create_index(
        op.f("ix_finding_check_noun_subject_view_run_at"),
        "finding",
        ["check", "noun", "subject", "view", "run_at"],
        unique=False,
    )
    op.create_table(
        "ledger_line",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
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
            ["agreement", "month"],
            ["month_close.agreement", "month_close.month"],
            name=op.f("fk_ledger_line_agreement_month"),
        ),
        sa.PrimaryKeyConstraint("agreement", "month", "line", name=op.f("pk_ledger_line")),
    )
    op.create_index(op.f("ix_ledger_line_payer_month"), "ledger_line", ["payer", "month"], unique=False)
    op.create_table(
        "member_total",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("net_ore", sa.BigInteger(), nullable=False),
        sa.Column("vat_ore", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "month"],
            ["month_close.agreement", "month_close.month"],
            name=op.f("fk_member_total_agreement_month"),
        ),
        sa.PrimaryKeyConstraint("agreement", "month", "payer", name=op.f("pk_member_total")),
    )
    op.create_table(
        "network_backup_member",
        sa.Column("run", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("device", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "device"],
            ["network_backup.run", "network_backup.device"],
            name=op.f("fk_network_backup_member_run_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run", "device", "member", name=op.f("pk_network_backup_member")),
    )
    op.create_index(op.f("ix_network_backup_member_member"), "network_backup_member", ["member"], unique=False)
    op.create_table(
        "pool_total",
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("pool", sa.String(length=200), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("allocated_ore", sa.BigInteger(), nullable=False),
        sa.Column("to_settlement_ore", sa.BigInteger(), nullable=False),
        sa.Column("unallocated_ore", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "month"],
            ["month_close.agreement", "month_close.month"],
            name=op.f("fk_pool_total_agreement_month"),
        ),
        sa.PrimaryKeyConstraint("agreement", "month", "pool", name=op.f("pk_pool_total")),
    )
    op.create_table(
        "run_member",
        sa.Column("id", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["run.id"], name=op.f("fk_run_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "member", name=op.f("pk_run_member")),
    )
    op.create_index(op.f("ix_run_member_member"), "run_member", ["member"], unique=False)
    op.create_table(
        "backup_run_member",
        sa.Column("id", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["backup_run.id"], name=op.f("fk_backup_run_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "member", name=op.f("pk_backup_run_member")),
    )
    op.create_index(op.f("ix_backup_run_member_member"), "backup_run_member", ["member"], unique=False)
    op.create_table(
        "finding_evidence",
        sa.Column("run", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "number"],
            ["finding.run", "finding.number"],
            name=op.f("fk_finding_evidence_run_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run", "number", "position", name=op.f("pk_finding_evidence")),
    )
    op.create_index(op.f("ix_finding_evidence_evidence"), "finding_evidence", ["evidence"], unique=False)
    op.create_table(
        "finding_member",
        sa.Column("run", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "number"],
            ["finding.run", "finding.number"],
            name=op.f("fk_finding_member_run_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run", "number", "member", name=op.f("pk_finding_member")),
    )
    op.create_index(op.f("ix_finding_member_member"), "finding_member", ["member"], unique=False)
    op.create_table(
        "ledger_line_member",
        sa.Column("agreement", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=300), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "month", "line"],
            ["ledger_line.agreement", "ledger_line.month", "ledger_line.line"],
            name=op.f("fk_ledger_line_member_agreement_month_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement", "month", "line", "member", name=op.f("pk_ledger_line_member")),
    )
    op.create_index(op.f("ix_ledger_line_member_member"), "ledger_line_member", ["member"], unique=False)
