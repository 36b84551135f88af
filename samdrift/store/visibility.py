"""Visibility: the one place that decides which stored rows a viewer reads (reliability.md T1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Table, exists, insert, true

from samdrift.model.reading import SHARED, UNASSIGNED
from samdrift.model.viewer import Viewer


def seen_by(viewer: Viewer, table: Table, members: Table) -> ColumnElement[bool]:
    """The condition under which `viewer` reads a row of `table`: a member's viewer only rows with its member in `members`."""
    if viewer.role != "member":
        return true()
    same = [table.c[key] == column for key, column in members.c.items() if key != "member"]
    return exists().where(*same, members.c.member.in_(sorted(viewer.members)))


def concerned(member: str | None, members: Iterable[str] = ()) -> tuple[str, ...]:
    """The members' ids of a row, sorted: all of `members`, else the one `member`; `shared` and `unassigned` name nobody."""
    named: set[str | None] = set(members) or {member}
    return tuple(sorted(name for name in named if name and name not in {SHARED, UNASSIGNED}))


def write_members(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows {key columns…, member} of a `…_member` table, if there are any."""
    if found := list(rows):
        connection.execute(insert(table), found)
