"""Collections: how far each meter was collected from each source (costs.md 4 `usage collect`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from samdrift.store.tables.collection import collection


def collected_until(connection: Connection, source: str, meter: str) -> datetime | None:
    """Where the next collection goes on; None before the first."""
    query = select(collection.c.until).where(collection.c.source == source, collection.c.meter == meter)
    return connection.execute(query).scalar_one_or_none()


def all_marks(connection: Connection) -> dict[str, datetime]:
    """Source → the oldest mark of its meters: how far all of it is collected."""
    found: dict[str, datetime] = {}
    for row in connection.execute(select(collection.c.source, collection.c.until)):
        found[row.source] = min(found.get(row.source, row.until), row.until)
    return found


def put_mark(connection: Connection, source: str, meter: str, until: datetime) -> None:
    """Keep how far it came; never back."""
    before = collected_until(connection, source, meter)
    if before is not None and before >= until:
        return
    connection.execute(delete(collection).where(collection.c.source == source, collection.c.meter == meter))
    connection.execute(insert(collection).values(source=source, meter=meter, until=until))
