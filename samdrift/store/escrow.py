"""Escrow in the store: second keys and what was proved of them; operations alone reads them."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from samdrift.model.escrow import EscrowKey, EscrowProof
from samdrift.model.viewer import Viewer
from samdrift.store.tables.escrow import escrow_key, escrow_proof


def add_key(connection: Connection, key: EscrowKey) -> None:
    """Write a new key; those before it at the same repository and site are ended by whoever removes them."""
    connection.execute(insert(escrow_key).values(**asdict(key)))


def end_key(connection: Connection, site: str, repository: str, key: str, at: datetime) -> None:
    """Note that a key was removed from its repository."""
    same = (escrow_key.c.site == site, escrow_key.c.repository == repository, escrow_key.c.key == key)
    connection.execute(update(escrow_key).where(*same).values(ended_at=at))


def keys(connection: Connection, *, viewer: Viewer) -> tuple[EscrowKey, ...]:
    """Keys that stand, by repository and site; a member's viewer reads none, for a repository may hold several members' data."""
    if viewer.role == "member":
        return ()
    rows = connection.execute(select(escrow_key).where(escrow_key.c.ended_at.is_(None)).order_by(escrow_key.c.repository, escrow_key.c.site, escrow_key.c.made_at)).mappings()
    return tuple(EscrowKey(**{**row, "recipients": tuple(row["recipients"])}) for row in rows)


def add_proof(connection: Connection, proof: EscrowProof) -> None:
    """Append a proof, passed or not."""
    number = connection.execute(select(func.coalesce(func.max(escrow_proof.c.seq), 0))).scalar_one() + 1
    connection.execute(insert(escrow_proof).values(seq=number, **asdict(proof)))


def last_proofs(connection: Connection, *, viewer: Viewer) -> tuple[EscrowProof, ...]:
    """The newest proof of each repository, site, key and kind, passed or not, and the newest passed one; a member's viewer reads none."""
    if viewer.role == "member":
        return ()
    group = (escrow_proof.c.site, escrow_proof.c.repository, escrow_proof.c.key, escrow_proof.c.kind, escrow_proof.c.passed)
    newest = select(func.max(escrow_proof.c.seq)).group_by(*group)
    names = [escrow_proof.c[one.name] for one in fields(EscrowProof)]
    rows = connection.execute(select(*names).where(escrow_proof.c.seq.in_(newest)).order_by(escrow_proof.c.seq.desc())).mappings()
    return tuple(EscrowProof(**row) for row in rows)
