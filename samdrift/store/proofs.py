"""Drill proofs in the store: appended only, each chained to the one before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from samdrift.model.chain import GENESIS
from samdrift.model.drill_proof import DrillProof
from samdrift.model.period import read_instant
from samdrift.model.viewer import Viewer
from samdrift.store.tables.backup import drill_proof, drill_proof_member
from samdrift.store.visibility import concerned, seen_by, write_members


def append(connection: Connection, make: Callable[[str], DrillProof]) -> DrillProof:
    """Append a proof; `make` gets the previous proof's digest and gives the proof that holds it."""
    last = connection.execute(select(drill_proof.c.seq, drill_proof.c.digest).order_by(drill_proof.c.seq.desc()).limit(1)).first()
    proof = make(last.digest if last else GENESIS)
    seq = (last.seq if last else 0) + 1
    row = {name: getattr(proof, name) for name in ("id", "backup", "site", "level", "passed", "started_at", "previous", "digest")}
    connection.execute(insert(drill_proof).values(seq=seq, content=proof.content(), **row))
    write_members(connection, drill_proof_member, [{"seq": seq, "member": member} for member in concerned(proof.member, proof.members)])
    return proof


def proofs(connection: Connection, *, viewer: Viewer, backups: Collection[str] | None = None) -> tuple[tuple[DrillProof, str], ...]:
    """Proofs as stored, each with the digest that was stored beside it, newest first."""
    query = select(drill_proof).where(seen_by(viewer, drill_proof, drill_proof_member))
    if backups is not None:
        query = query.where(drill_proof.c.backup.in_(sorted(backups)))
    rows = connection.execute(query.order_by(drill_proof.c.seq.desc())).mappings()
    return tuple((_proof(row["content"]), row["digest"]) for row in rows)


def last_passed(connection: Connection, *, viewer: Viewer, backups: Collection[str], until: datetime) -> tuple[DrillProof, ...]:
    """The newest passed proof of each backup and level, of those begun by then, newest first: the others decide nothing of today."""
    fit = (drill_proof.c.backup.in_(sorted(backups)), drill_proof.c.passed, drill_proof.c.started_at <= until)
    each = (drill_proof.c.backup, drill_proof.c.level)
    last = select(*each, func.max(drill_proof.c.started_at).label("at")).where(*fit).group_by(*each).subquery()
    same = and_(drill_proof.c.backup == last.c.backup, drill_proof.c.level == last.c.level, drill_proof.c.started_at == last.c.at)
    query = select(drill_proof).join(last, same).where(*fit, seen_by(viewer, drill_proof, drill_proof_member))
    return tuple(_proof(row["content"]) for row in connection.execute(query.order_by(drill_proof.c.seq.desc())).mappings())


def _proof(content: dict[str, Any]) -> DrillProof:
    values = {item.name: content[item.name] for item in fields(DrillProof)}
    return DrillProof(**{**values, "started_at": read_instant(values["started_at"])})


def count(connection: Connection, *, viewer: Viewer) -> int:
    """How many proofs the viewer may read."""
    return connection.execute(select(func.count()).select_from(drill_proof).where(seen_by(viewer, drill_proof, drill_proof_member))).scalar_one()
