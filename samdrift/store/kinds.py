"""Kinds of rows: every table belongs to one, and each kind says how long it is kept (reliability.md S8, common.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Table, func, select

from samdrift.model.period import local_midnight
from samdrift.model.viewer import Viewer
from samdrift.store.schema import complete
from samdrift.store.visibility import seen_by


@dataclass(frozen=True, slots=True)
class Kind:
    """`tables`: the first one is counted, by `dated` the oldest row is found; `retention` is the default, `retention.yml` may say another."""

    id: str
    tables: tuple[str, ...]
    dated: str | None
    retention: str


KINDS = (
    Kind("alerts", ("alert",), "starts_at", "13 months"),
    Kind("audit", ("audit_entry", "audit_head"), "at", "7 years"),
    Kind("backups", ("backup_snapshot", "backup_run", "backup_look", "backup_slice", "backup_sign", "backup_key", "backup_lock"), "arrival_at", "37 months"),
    Kind("backup-decisions", ("backup_hold", "backup_forgotten", "backup_review"), "since", "7 years"),
    Kind("backup-volumes", ("repository_volume", "target_volume"), "at", "37 months"),
    Kind("closes", ("month_close", "close_document", "pool_total", "member_total"), "closed_at", "7 years"),
    Kind("dns-history", ("dns_zone", "dns_sight"), "first_at", "37 months"),
    Kind("escrow", ("escrow_key", "escrow_proof"), "made_at", "7 years"),
    Kind("evidence", ("evidence",), "observed_at", "400 d"),
    Kind("findings", ("finding", "finding_evidence"), "observed_at", "37 months"),
    Kind("hall-readings", ("hall_reading",), "observed_at", "37 months"),
    Kind("ledger", ("ledger_line", "booking", "booking_line", "cost_document", "cost_watch"), None, "7 years"),
    Kind("locks", ("job_lock",), "started_at", "while held"),
    Kind("network-backups", ("network_backup",), "observed_at", "37 months"),
    Kind("proofs", ("drill_proof",), "started_at", "7 years"),
    Kind("raw-readings", ("reading_part",), "day", "25 months after close"),
    Kind("roll-ups", ("daily_usage", "resource_owner", "usage_quality", "collection"), "day", "7 years"),
    Kind("runs", ("run",), "started_at", "37 months"),
)
"""By id. A new table joins a kind; a test names the one that does not."""


@dataclass(frozen=True, slots=True)
class KindState:
    """How many rows of a kind the viewer may read, and the instant of the oldest."""

    id: str
    rows: int
    oldest_at: datetime | None
    retention: str


def states(connection: Connection, *, viewer: Viewer) -> list[KindState]:
    """Each kind with its rows; a member's viewer gets the kinds whose rows name members, and its own rows alone."""
    tables = complete().tables
    found = []
    for kind in KINDS:
        table, members = tables[kind.tables[0]], tables.get(f"{kind.tables[0]}_member")
        if viewer.role == "member" and members is None:
            continue
        found.append(_state(connection, kind, table, members, viewer))
    return found


def _state(connection: Connection, kind: Kind, table: Table, members: Table | None, viewer: Viewer) -> KindState:
    oldest = func.min(table.c[kind.dated]) if kind.dated else func.count()
    query = select(func.count().label("rows"), oldest.label("oldest")).select_from(table)
    if members is not None:
        query = query.where(seen_by(viewer, table, members))
    row = connection.execute(query).one()
    moment = row.oldest if kind.dated else None
    return KindState(kind.id, row.rows, local_midnight(moment) if isinstance(moment, date) and not isinstance(moment, datetime) else moment, kind.retention)
