"""Bookings: corrections, advances and settlements, each booked once and never changed (costs.md C4, S1, S2)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, insert, select

from samdrift.model.cost import Booking, CostLine
from samdrift.model.cost_json import delta_item, delta_of
from samdrift.model.viewer import Viewer
from samdrift.store.closes import cost_line, line_values
from samdrift.store.tables.cost import booking, booking_line, booking_line_member
from samdrift.store.visibility import concerned, seen_by, write_members


def add_booking(connection: Connection, made: Booking) -> None:
    """Keep a booking in the caller's transaction; its id and its lines' ids are new."""
    connection.execute(
        insert(booking).values(
            agreement=made.agreement, booking=made.id, kind=made.kind, period=made.period, about=made.about, booked_at=made.at, booked_by=made.by,
            reason=made.reason, pools=[delta_item(each) for each in made.pools],
        )
    )  # fmt: skip
    if made.lines:
        connection.execute(insert(booking_line), [line_values(line) | {"booking": made.id} for line in made.lines])
    rows = ({"agreement": made.agreement, "line": line.line, "member": member} for line in made.lines for member in concerned(line.member))
    write_members(connection, booking_line_member, rows)


def bookings(connection: Connection, agreement: str, *, viewer: Viewer) -> tuple[Booking, ...]:
    """All bookings of an agreement in the order in which they were made; a member's viewer gets its own lines of each."""
    lines: dict[str, list[CostLine]] = defaultdict(list)
    query = select(booking_line).where(booking_line.c.agreement == agreement, seen_by(viewer, booking_line, booking_line_member))
    for row in connection.execute(query):
        lines[row.booking].append(cost_line(row))
    heads = connection.execute(select(booking).where(booking.c.agreement == agreement))
    found = [
        Booking(
            row.agreement, row.booking, row.kind, row.period, row.about, row.booked_at, row.booked_by, row.reason,
            tuple(sorted(lines[row.booking], key=lambda line: line.line)), tuple(map(delta_of, row.pools)),
        )
        for row in heads
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))
