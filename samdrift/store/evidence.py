"""Evidence: what was seen, kept once by its digest, so that it can be judged again (dns.md D9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, exists, insert, select, true

from samdrift.model.finding import Evidence
from samdrift.model.viewer import Viewer
from samdrift.store.tables.finding import evidence, finding_evidence, finding_member

BLOCK = 500
"""Ids asked for in one statement."""


def keep(connection: Connection, pieces: Iterable[Evidence]) -> int:
    """Keep what is not there yet; gives how many were new. The same content keeps its first time."""
    wanted = {piece.id: piece for piece in pieces}
    ids = sorted(wanted)
    for start in range(0, len(ids), BLOCK):
        for known in connection.execute(select(evidence.c.id).where(evidence.c.id.in_(ids[start : start + BLOCK]))):
            del wanted[known.id]
    rows = [{"id": each.id, "kind": each.kind, "content": each.content, "observed_at": each.observed_at, "about": dict(each.about)} for each in wanted.values()]
    if rows:
        connection.execute(insert(evidence), rows)
    return len(rows)


def find(connection: Connection, evidence_id: str, *, viewer: Viewer) -> Evidence | None:
    """One piece, or None when there is none that the viewer may see: a member's viewer sees what its findings rest on."""
    row = connection.execute(select(evidence).where(evidence.c.id == evidence_id, _seen(viewer))).one_or_none()
    return None if row is None else _piece(row)


def of_run(connection: Connection, run_id: str, *, viewer: Viewer) -> list[Evidence]:
    """All that a run's findings rest on, by id."""
    used = exists().where(finding_evidence.c.evidence == evidence.c.id, finding_evidence.c.run == run_id)
    return [_piece(row) for row in connection.execute(select(evidence).where(used, _seen(viewer)).order_by(evidence.c.id))]


def _seen(viewer: Viewer) -> Any:
    if viewer.role != "member":
        return true()
    same = (finding_member.c.run == finding_evidence.c.run) & (finding_member.c.number == finding_evidence.c.number)
    return exists().where(finding_evidence.c.evidence == evidence.c.id, same, finding_member.c.member.in_(sorted(viewer.members)))


def _piece(row: Any) -> Evidence:
    return Evidence(row.id, row.kind, bytes(row.content), row.observed_at, row.about)
