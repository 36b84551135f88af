"""Findings: one row per (run, check, subject, code, view), with the members and the evidence of each.

What is not well keeps its history as of its run (`first_seen_at` to `flapped_at`; `runs_open` NULL: written before that was kept);
`well_at` is the last run that found the same well again without a row of its own.
"""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from samdrift.store.tables.base import ID_LENGTH, Instant, Json, id_column, members_of, metadata

finding = Table(
    "finding",
    metadata,
    Column("run", String(ID_LENGTH), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run_at", Instant, nullable=False),
    id_column("check"),
    id_column("code"),
    id_column("noun"),
    Column("subject", String(500), nullable=False),
    Column("part", String(500)),
    id_column("view"),
    id_column("member", nullable=True),
    id_column("site", nullable=True),
    Column("status", String(20), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("reason", String(40)),
    Column("message", Text, nullable=False),
    Column("value", Json, nullable=False),
    Column("remedy", Json),
    id_column("waiver", nullable=True),
    Column("observed_at", Instant, nullable=False),
    Column("well_at", Instant),
    Column("first_seen_at", Instant),
    Column("last_ok_at", Instant),
    Column("runs_open", Integer),
    Column("flapped_at", Json),
    Index(None, "check", "noun", "subject", "view", "run_at"),
)
finding_member = members_of(finding)

evidence = Table(
    "evidence",
    metadata,
    id_column("id", primary_key=True),
    id_column("kind"),
    Column("content", LargeBinary, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("about", Json, nullable=False),
)

finding_evidence = Table(
    "finding_evidence",
    metadata,
    Column("run", String(ID_LENGTH), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("evidence", String(ID_LENGTH), nullable=False, index=True),
    ForeignKeyConstraint(["run", "number"], ["finding.run", "finding.number"], ondelete="CASCADE"),
)
