"""DNS history in the store: what runs saw of each zone, joined run by run; every read takes a viewer (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update

from samdrift.model.dns.past import Seen, Sight, ZonePast
from samdrift.model.viewer import Viewer
from samdrift.store.tables.dns import dns_sight, dns_zone, dns_zone_member
from samdrift.store.visibility import concerned, seen_by, write_members

BLOCK = 300
"""Zones asked for in one statement."""
SERIAL_DAYS = 30
"""Serials that are gone for longer say nothing any more."""
KEY = ("view", "zone", "kind", "what", "address")


def pasts(connection: Connection, zones: Sequence[tuple[str, str]], *, viewer: Viewer) -> dict[tuple[str, str], ZonePast]:
    """(view, zone) → what earlier runs saw of it, of those that the viewer may see and that were ever looked at."""
    found: dict[tuple[str, str], ZonePast] = {}
    for start in range(0, len(zones), BLOCK):
        wanted = sorted(zones[start : start + BLOCK])
        heads = connection.execute(select(dns_zone).where(tuple_(dns_zone.c.view, dns_zone.c.zone).in_(wanted), seen_by(viewer, dns_zone, dns_zone_member))).all()
        sights: dict[tuple[str, str], list[Sight]] = {(row.view, row.zone): [] for row in heads}
        for row in connection.execute(select(dns_sight).where(tuple_(dns_sight.c.view, dns_sight.c.zone).in_(wanted)).order_by(*(dns_sight.c[name] for name in KEY))):
            if (row.view, row.zone) in sights:
                sights[row.view, row.zone].append(_sight(row))
        found |= {(row.view, row.zone): ZonePast(tuple(sights[row.view, row.zone]), row.runs, row.first_at, row.last_at) for row in heads}
    return found


def _sight(row: Row[Any]) -> Sight:
    return Sight(row.kind, row.what, row.address or None, row.first_at, row.last_at, row.since_at, row.gone_at, row.ttl_seconds)


def record_sights(connection: Connection, view: str, zone: str, seen: Seen, *, at: datetime, members: Iterable[str] = ()) -> None:
    """Join what one run saw of a zone to what is known: new things begin, old ones go on, and what was looked for and not found is gone."""
    same = (dns_zone.c.view == view) & (dns_zone.c.zone == zone)
    head = connection.execute(select(dns_zone).where(same)).one_or_none()
    if head is not None and at <= head.last_at:
        return
    if head is None:
        connection.execute(insert(dns_zone).values(view=view, zone=zone, runs=1, first_at=at, last_at=at))
    else:
        connection.execute(update(dns_zone).where(same).values(runs=head.runs + 1, last_at=at))
    connection.execute(delete(dns_zone_member).where(dns_zone_member.c.view == view, dns_zone_member.c.zone == zone))
    write_members(connection, dns_zone_member, ({"view": view, "zone": zone, "member": member} for member in concerned(None, members)))
    known = {(row.kind, row.what, row.address): row for row in connection.execute(select(dns_sight).where(dns_sight.c.view == view, dns_sight.c.zone == zone))}
    _write(connection, view, zone, known, seen, at)
    old = at - timedelta(days=SERIAL_DAYS)
    connection.execute(delete(dns_sight).where(dns_sight.c.view == view, dns_sight.c.zone == zone, dns_sight.c.kind == "serial", dns_sight.c.gone_at < old))


def _write(connection: Connection, view: str, zone: str, known: Mapping[tuple[str, str, str], Row[Any]], seen: Seen, at: datetime) -> None:
    new, changed = [], []
    for (kind, what, address), ttl in seen.things.items():
        row = known.get((kind, what, address or ""))
        key = {"view": view, "zone": zone, "kind": kind, "what": what, "address": address or ""}
        if row is None:
            new.append({**key, "first_at": at, "since_at": at, "last_at": at, "gone_at": None, "ttl_seconds": ttl})
        else:
            changed.append({**key, "since_at": row.since_at if row.gone_at is None else at, "last_at": at, "gone_at": None, "ttl_seconds": ttl})
    looked = {(kind, address or "") for kind, address in seen.looked}
    here = {(kind, what, address or "") for kind, what, address in seen.things}
    for row in known.values():
        if row.gone_at is None and (row.kind, row.address) in looked and (row.kind, row.what, row.address) not in here:
            changed.append({"view": view, "zone": zone, "kind": row.kind, "what": row.what, "address": row.address, "since_at": row.since_at, "last_at": row.last_at, "gone_at": at, "ttl_seconds": row.ttl_seconds})
    if new:
        connection.execute(insert(dns_sight), new)
    if changed:
        statement = update(dns_sight).where(*(dns_sight.c[name] == bindparam(f"b_{name}") for name in KEY))
        connection.execute(statement, [{f"b_{name}" if name in KEY else name: value for name, value in row.items()} for row in changed])
