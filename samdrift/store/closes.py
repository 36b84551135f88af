"""Closes: a month of an agreement, frozen once, chained to the one before, never edited (costs.md C1-C3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, insert, select

from samdrift.model.chain import GENESIS, canonical, digest
from samdrift.model.cost import CostLine, MemberTotal, MonthCost, PoolTotal
from samdrift.model.errors import Refused
from samdrift.model.period import Month, rfc3339
from samdrift.model.quantity import exact
from samdrift.model.viewer import Viewer
from samdrift.store.tables.close import (
    close_document,
    ledger_line,
    ledger_line_member,
    member_total,
    month_close,
    pool_total,
)
from samdrift.store.visibility import concerned, seen_by, write_members

Signer = Callable[[bytes], tuple[str, str]]
"""Digest → (signature, public key), both hex."""


@dataclass(frozen=True, slots=True)
class Close:
    """One closed month. `digests` are hex SHA-256 of what it rests on (raw parts, inventory, roll-up, ledger, exports) by name;
    `accepted` holds the reasons given for estimated or simulated readings; `previous` is the digest of the close before.
    """

    agreement: str
    month: Month
    closed_at: datetime
    closed_by: str
    digests: Mapping[str, str]
    accepted: Mapping[str, str] = field(default_factory=dict)
    previous: str = GENESIS
    signature: str | None = None
    """Ed25519 (RFC 8032) over the digest's 32 bytes, hex; None when no key was set."""
    signer: str | None = None
    """The public key of the signature, hex."""

    @property
    def digest(self) -> str:
        content = {
            "agreement": self.agreement, "month": str(self.month), "closed_at": rfc3339(self.closed_at), "closed_by": self.closed_by,
            "digests": dict(self.digests), "accepted": dict(self.accepted), "previous": self.previous,
        }  # fmt: skip
        return digest(canonical(content))


def ledger_digest(cost: MonthCost) -> str:
    """The digest of a month's lines and totals: the same in both engines and on every machine (X3)."""
    lines = [{name: _plain(value) for name, value in (line_values(line) | {"month": str(cost.month)}).items()} for line in cost.lines]
    pools = [[each.pool, each.amount_ore, each.allocated_ore, each.to_settlement_ore, each.unallocated_ore] for each in cost.pools]
    members = [[each.member, each.net_ore, each.vat_ore] for each in cost.members]
    carried = {pool: {member: exact(share) for member, share in shares.items()} for pool, shares in cost.accumulated.items()}
    content = {"month": str(cost.month), "agreement": cost.agreement, "lines": lines, "pools": pools, "members": members, "exact": carried}
    return digest(canonical(content))


def _plain(value: Any) -> Any:
    return exact(value) if isinstance(value, Fraction) else value


def close_month(
    connection: Connection, cost: MonthCost, *, at: datetime, by: str, digests: Mapping[str, str], documents: Mapping[str, bytes],
    accepted: Mapping[str, str] | None = None, sign: Signer | None = None,
) -> Close:  # fmt: skip
    """Freeze a month in the caller's transaction; Refused when it is closed already, is blocked, or an earlier one would follow.

    `documents` (path → content) are the agreements, prices and pools it was computed from; their digests join `digests`.
    """
    newest = last_close(connection, cost.agreement)
    if newest is not None and newest.month >= cost.month:
        word = "is closed already" if newest.month == cost.month else f"lies before {newest.month}, which is closed"
        raise Refused(f"{cost.month} of {cost.agreement} {word}", help=f"it stands for ever; look at it: samdrift report member --month {cost.month}")
    if cost.blocking:
        raise Refused(f"{cost.month} of {cost.agreement} is blocked: {cost.blocking[0].text}", help="samdrift cost preview shows all that blocks")
    frozen = {**digests, **{f"document:{path}": digest(content) for path, content in documents.items()}, "ledger": ledger_digest(cost)}
    close = Close(cost.agreement, cost.month, at, by, dict(sorted(frozen.items())), dict(accepted or {}), newest.digest if newest else GENESIS)
    if sign is not None:
        signature, signer = sign(bytes.fromhex(close.digest))
        close = replace(close, signature=signature, signer=signer)
    _write(connection, close, cost, documents)
    return close


def _write(connection: Connection, close: Close, cost: MonthCost, documents: Mapping[str, bytes]) -> None:
    key: dict[str, Any] = {"agreement": cost.agreement, "month": str(cost.month)}
    accumulated = {pool: {member: exact(share) for member, share in shares.items()} for pool, shares in cost.accumulated.items()}
    connection.execute(
        insert(month_close).values(
            **key, closed_at=close.closed_at, closed_by=close.closed_by, digests=dict(close.digests), accepted=dict(close.accepted), notes=list(cost.notes),
            accumulated=accumulated, previous=close.previous, digest=close.digest, signature=close.signature, signer=close.signer,
        )
    )  # fmt: skip
    _insert(connection, close_document, [key | {"path": path, "content": content} for path, content in sorted(documents.items())])
    _insert(
        connection, pool_total,
        [
            key | {"pool": each.pool, "amount_ore": each.amount_ore, "allocated_ore": each.allocated_ore, "to_settlement_ore": each.to_settlement_ore,
                   "unallocated_ore": each.unallocated_ore}
            for each in cost.pools
        ],
    )  # fmt: skip
    _insert(connection, member_total, [key | {"payer": each.member, "net_ore": each.net_ore, "vat_ore": each.vat_ore} for each in cost.members])
    _insert(connection, ledger_line, [line_values(line) | key for line in cost.lines])
    write_members(connection, ledger_line_member, (key | {"line": line.line, "member": member} for line in cost.lines for member in concerned(line.member)))


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def line_values(line: CostLine) -> dict[str, Any]:
    """The columns of a line, in the ledger and in bookings."""
    same = ("line", "agreement", "pool", "service", "component", "amount_ore", "exact_ore", "share", "quantity", "unit", "price", "estimated_share", "vat_category", "vat_rate", "corrects")
    return {"payer": line.member, "versions": [list(version) for version in line.versions], "documents": list(line.documents)} | {name: getattr(line, name) for name in same}


def last_close(connection: Connection, agreement: str) -> Close | None:
    """The newest close of an agreement. Closes hold digests alone: they are open to all members."""
    found = closes(connection, agreement)
    return found[-1] if found else None


def closes(connection: Connection, agreement: str | None = None) -> list[Close]:
    """All closes in the order of agreement and month."""
    query = select(month_close).order_by(month_close.c.agreement, month_close.c.month)
    if agreement is not None:
        query = query.where(month_close.c.agreement == agreement)
    return [
        Close(row.agreement, Month.parse(row.month), row.closed_at, row.closed_by, row.digests, row.accepted, row.previous, row.signature, row.signer)
        for row in connection.execute(query)
    ]


def documents_of(connection: Connection, agreement: str, month: Month, *, viewer: Viewer) -> dict[str, bytes]:
    """What a closed month was computed from, by path; operations alone reads other members' documents (E3)."""
    if viewer.role == "member":
        return {}
    same = (close_document.c.agreement == agreement) & (close_document.c.month == str(month))
    return {row.path: bytes(row.content) for row in connection.execute(select(close_document).where(same).order_by(close_document.c.path))}


def closed_month(connection: Connection, agreement: str, month: Month, *, viewer: Viewer) -> MonthCost | None:
    """The closed ledger of a month, or None when it is open. A member's viewer gets its own lines and everybody's totals (common.md 6)."""
    key = {"agreement": agreement, "month": str(month)}
    head = connection.execute(select(month_close).filter_by(**key)).one_or_none()
    if head is None:
        return None
    lines = connection.execute(select(ledger_line).filter_by(**key).where(seen_by(viewer, ledger_line, ledger_line_member)))
    pools = connection.execute(select(pool_total).filter_by(**key))
    members = connection.execute(select(member_total).filter_by(**key))
    return MonthCost(
        month, agreement,
        # sorted here, by code point: a database sorts by its own collation (X3)
        lines=tuple(sorted(map(cost_line, lines), key=lambda line: line.line)),
        pools=tuple(
            sorted(
                (PoolTotal(row.pool, row.amount_ore, row.allocated_ore, row.to_settlement_ore, row.unallocated_ore) for row in pools),
                key=lambda pool: pool.pool,
            )
        ),
        members=tuple(sorted((MemberTotal(row.payer, row.net_ore, row.vat_ore) for row in members), key=lambda total: total.member)),
        blocking=(),
        notes=head.notes,
        accumulated={pool: {member: Fraction(share) for member, share in shares.items()} for pool, shares in head.accumulated.items()},
    )  # fmt: skip


def cost_line(row: Any) -> CostLine:
    """A line from its row, in the ledger and in bookings."""
    versions = tuple((name, days) for name, days in row.versions)
    return CostLine(
        row.line, row.agreement, versions, row.pool, row.payer, row.service, row.component, row.amount_ore, row.exact_ore, row.share, row.quantity, row.unit,
        row.price, row.estimated_share, row.vat_category, row.vat_rate, row.documents, row.corrects,
    )  # fmt: skip


def changed_closes(connection: Connection) -> list[str]:
    """`agreement/month` of every close that is no longer what was frozen: its digest, its chain, its ledger or a document."""
    from samdrift.model.viewer import OPERATIONS

    wrong = []
    previous: dict[str, str] = {}
    rows = {(row.agreement, row.month): row.digest for row in connection.execute(select(month_close))}
    for close in closes(connection):
        cost = closed_month(connection, close.agreement, close.month, viewer=OPERATIONS)
        assert cost is not None
        documents = documents_of(connection, close.agreement, close.month, viewer=OPERATIONS)
        found = {f"document:{path}": digest(content) for path, content in documents.items()} | {"ledger": ledger_digest(cost)}
        frozen = {name: value for name, value in close.digests.items() if name == "ledger" or name.startswith("document:")}
        whole = close.digest == rows[(close.agreement, str(close.month))] and close.previous == previous.get(close.agreement, GENESIS)
        if not whole or found != frozen:
            wrong.append(f"{close.agreement}/{close.month}")
        previous[close.agreement] = close.digest
    return wrong
