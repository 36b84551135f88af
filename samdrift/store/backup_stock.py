"""Stock: what lies at each site of many backups, summed up by the database; the snapshots themselves are a hundred thousand rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from samdrift.model.snapshot import SiteStock, Snapshot
from samdrift.model.viewer import Viewer
from samdrift.store.backups import SNAPSHOT_COLUMNS
from samdrift.store.tables.backup import backup_snapshot, backup_snapshot_member
from samdrift.store.visibility import seen_by

AT = (backup_snapshot.c.backup, backup_snapshot.c.site)


def stock(connection: Connection, *, viewer: Viewer, sites: Mapping[str, Sequence[str]], at: datetime) -> dict[str, tuple[SiteStock, ...]]:
    """What lay at the instant at each of these sites of each backup; its source comes first, and the others are copies of it (B11)."""
    there = _there(viewer, sites, at)
    counts = connection.execute(select(*AT, func.count().label("number")).where(*there).group_by(*AT)).all()
    number = {(row.backup, row.site): row.number for row in counts}
    newest, origins = _newest(connection, there), _origins(connection, there)
    found = {}
    for backup, wanted in sites.items():
        source = origins.get((backup, wanted[0]), ()) if wanted else ()
        copied = {site: set(origins.get((backup, site), ())) for site in wanted}
        found[backup] = tuple(
            SiteStock(site, number.get((backup, site), 0), sum(origin not in copied[site] for origin in source), newest.get((backup, site))) for site in wanted
        )
    return found


def _there(viewer: Viewer, backups: Collection[str], at: datetime) -> tuple[ColumnElement[bool], ...]:
    columns = backup_snapshot.c
    return (
        seen_by(viewer, backup_snapshot, backup_snapshot_member), columns.backup.in_(sorted(backups)), columns.vanished_at.is_(None), columns.part == "", columns.arrival_at <= at
    )  # fmt: skip


def _newest(connection: Connection, there: Collection[ColumnElement[bool]]) -> dict[tuple[str, str], Snapshot]:
    """(backup, site) → the usable snapshot with the latest recovery point; of equals that of the greatest id."""
    usable = (*there, backup_snapshot.c.state == "usable")
    last = select(*AT, func.max(backup_snapshot.c.recovery_point_at).label("point")).where(*usable).group_by(*AT).subquery()
    same = and_(backup_snapshot.c.backup == last.c.backup, backup_snapshot.c.site == last.c.site, backup_snapshot.c.recovery_point_at == last.c.point)
    rows = connection.execute(select(*SNAPSHOT_COLUMNS).join(last, same).where(*usable).order_by(backup_snapshot.c.id))
    return {(row.backup, row.site): Snapshot(*row[:12]) for row in rows}


def _origins(connection: Connection, there: Collection[ColumnElement[bool]]) -> dict[tuple[str, str], list[str]]:
    """(backup, site) → the ids that its snapshots have at the source."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for backup, site, origin in connection.execute(select(*AT, func.coalesce(backup_snapshot.c.original, backup_snapshot.c.id)).where(*there)):
        found[backup, site].append(origin)
    return found
