"""The audit chain: who changed what, appended in the transaction of the change, verified with the key (reliability.md 2.6)."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TypeDecorator, insert, select, text, type_coerce, update

from samdrift.model.chain import GENESIS, ChainFault, Link, canonical, field_digests, link_digest
from samdrift.model.chain import verify as verify_links
from samdrift.model.period import from_microseconds, read_instant, rfc3339
from samdrift.model.viewer import Viewer
from samdrift.store import head_file, keys
from samdrift.store.tables.audit import audit_entry, audit_entry_member, audit_head
from samdrift.store.tables.base import tuples
from samdrift.store.visibility import seen_by, write_members

ADVISORY = 7_236_003
"""PostgreSQL's advisory lock of whoever adds an entry: one at a time."""
FIELDS = ("at", "actor", "verb", "object", "members", "before", "after")
"""The fields of an entry; each has a salted digest, so that one can be taken out later."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `plain` holds the fields that may be shown; a name taken out, or another member's entry, lacks them."""

    link: Link
    plain: dict[str, Any]

    @property
    def seq(self) -> int:
        return self.link.seq


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """Whether the chain is whole; `first_bad` and `damage` say where and how it is not."""

    entries: int
    head: str
    head_at: datetime | None
    fault: ChainFault | None

    @property
    def whole(self) -> bool:
        return self.fault is None


def append(
    connection: Connection, *, at: datetime, actor: str, verb: str, object: str, members: Iterable[str] = (),  # noqa: A002 - the entry's own field
    before: Any = None, after: Any = None,
) -> int:  # fmt: skip
    """Add one entry to the chain in the caller's transaction; gives its number. KeyMissing when the chain's key is not there.

    `before` and `after` are JSON values without floats and without secrets. Writers queue at the head's row: no fork.
    """
    state_dir = _state_dir(connection)
    seq, previous = _take_head(connection)
    key_id = keys.newest(state_dir)
    concerned = sorted(set(members))
    fields: dict[str, Any] = {
        "at": rfc3339(at), "actor": actor, "verb": verb, "object": object, "members": concerned, "before": before, "after": after,
    }  # fmt: skip
    link = Link.make(seq, field_digests(fields, keys.salt(keys.read(state_dir, key_id), key_id, seq)), previous, key_id)
    texts = {name: canonical(fields[name]).decode() for name in ("members", "before", "after")}
    connection.execute(
        insert(audit_entry).values(
            seq=seq, at=at, actor=actor, verb=verb, object=object, **texts, fields=dict(link.fields), previous=previous, digest=link.digest, key_id=key_id
        )
    )
    write_members(connection, audit_entry_member, ({"seq": seq, "member": member} for member in concerned))
    connection.execute(update(audit_head).values(seq=seq, digest=link.digest))
    connection.info["audit_head"] = (seq, link.digest)
    return seq


def _take_head(connection: Connection) -> tuple[int, str]:
    """The next number and its predecessor's digest; other writers wait until the transaction ends.

    PostgreSQL's advisory lock comes before the row's: the first entries have no row yet that could be waited for.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY})
    row = connection.execute(select(audit_head).with_for_update()).one_or_none()
    if row is not None:
        return row.seq + 1, row.digest
    connection.execute(insert(audit_head).values(one=1, seq=0, digest=GENESIS))
    return 1, GENESIS


def entries(connection: Connection, *, viewer: Viewer, limit: int | None = None) -> list[AuditEntry]:
    """The entries that concern the viewer, oldest first; `limit` gives the last so many."""
    query = select(audit_entry).where(seen_by(viewer, audit_entry, audit_entry_member)).order_by(audit_entry.c.seq.desc())
    rows = connection.execute(query.limit(limit) if limit is not None else query).all()
    return [_entry(row) for row in reversed(rows)]


def chain(connection: Connection, *, viewer: Viewer) -> Iterator[tuple[AuditEntry, str | None]]:
    """Every entry in order with its salt: the viewer's own whole, the others as digests alone, without a salt (A3)."""
    state_dir = _state_dir(connection)
    seen = seen_by(viewer, audit_entry, audit_entry_member).label("seen")
    for row in connection.execute(select(audit_entry, seen).order_by(audit_entry.c.seq)):
        entry = _entry(row)
        if row.seen:
            yield entry, keys.salt(keys.read(state_dir, row.key_id), row.key_id, row.seq)
        else:
            yield AuditEntry(entry.link, {}), None


def verify(connection: Connection) -> AuditVerdict:
    """Recompute the whole chain against the kept heads; names the first bad entry. KeyMissing when a key is not there.

    Damage: altered, forged (no digest fits its key), missing, swapped, cut (the head knows more), rolled-back (an older store was put back).
    """
    state_dir = _state_dir(connection)
    fields = _FieldCheck(state_dir)
    with closing(_rows(connection)) as rows:
        fault = verify_links(fields.links(rows))
    if fields.fault is not None and (fault is None or fields.fault.seq <= fault.seq):
        fault = fields.fault
    head = connection.execute(select(audit_head)).one_or_none()
    if fault is None:
        fault = _head_fault(fields, (head.seq, head.digest) if head else (0, GENESIS), head_file.recall(state_dir))
    return AuditVerdict(fields.count, fields.last[1], fields.last_at, fault)


def _head_fault(fields: _FieldCheck, head: tuple[int, str], kept: tuple[int, str] | None) -> ChainFault | None:
    last, digest = fields.last
    if head[0] > last:
        return ChainFault(last + 1, "cut")
    if head != (last, digest):
        return ChainFault(last, "altered")
    if kept is None or kept[0] == 0:
        return None
    if kept[0] > last:
        return ChainFault(last + 1, "rolled-back")
    return None if fields.digest_of(kept[0]) in {kept[1], None} else ChainFault(kept[0], "rolled-back")


class _FieldCheck:
    """Walks the rows, checks plain fields against their digests, and hands the links on."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.kept = head_file.recall(state_dir)
        self.count = 0
        self.last: tuple[int, str] = (0, GENESIS)
        self.last_at: datetime | None = None
        self.fault: ChainFault | None = None
        self._kept_digest: str | None = None

    def digest_of(self, seq: int) -> str | None:
        return self._kept_digest if self.kept is not None and self.kept[0] == seq else None

    def links(self, rows: Iterable[Any]) -> Iterator[Link]:
        for row in rows:
            try:
                entry = _entry(row)
                damage = self._damage(entry)
            except (ValueError, TypeError, AttributeError, OverflowError):  # a damaged byte need not leave JSON or a calendar date
                self.fault = ChainFault(row.seq, "altered")
                return
            if damage is not None:
                self.fault = ChainFault(entry.seq, damage)
                return
            self.count += 1
            self.last, self.last_at = (entry.seq, entry.link.digest), read_instant(entry.plain["at"]) if "at" in entry.plain else None
            if self.kept is not None and entry.seq == self.kept[0]:
                self._kept_digest = entry.link.digest
            yield entry.link

    def _damage(self, entry: AuditEntry) -> str | None:
        if set(entry.link.fields) != set(FIELDS):
            return "altered"
        try:
            key = keys.read(self.state_dir, entry.link.key_id)
        except keys.KeyMissing:
            if link_digest(entry.seq, entry.link.fields, entry.link.previous, entry.link.key_id) != entry.link.digest:
                return "altered"
            raise
        salt = keys.salt(key, entry.link.key_id, entry.seq)
        wrong = [name for name, found in field_digests(entry.plain, salt).items() if found != entry.link.fields[name]]
        if not wrong:
            return None
        return "forged" if len(wrong) == len(entry.plain) > 1 else "altered"


def _rows(connection: Connection) -> Generator[Any]:
    raw = [type_coerce(column, column.type.impl_instance).label(column.name) if isinstance(column.type, TypeDecorator) else column for column in audit_entry.c]
    with connection.execute(select(*raw).order_by(audit_entry.c.seq).execution_options(yield_per=2000)) as result:
        yield from result


def _entry(row: Any) -> AuditEntry:
    fields = json.loads(row.fields) if isinstance(row.fields, str) else row.fields
    at = from_microseconds(row.at) if isinstance(row.at, int) else row.at
    link = Link(row.seq, fields, row.previous, row.digest, row.key_id)
    plain: dict[str, Any] = {"at": rfc3339(at)} if at is not None else {}
    plain |= {name: getattr(row, name) for name in ("actor", "verb", "object") if getattr(row, name) is not None}
    plain |= {name: tuples(_loads(getattr(row, name))) for name in ("members", "before", "after") if getattr(row, name) is not None}
    return AuditEntry(link, plain)


def _loads(text: str) -> Any:
    """The JSON value of a stored field; what is no JSON any more is shown as it is, and fails its digest."""
    try:
        return json.loads(text)
    except ValueError:
        return f"\ufffd{text}"


def _state_dir(connection: Connection) -> Path:
    found = connection.info["state_dir"]
    assert isinstance(found, Path)
    return found


def take_out(connection: Connection, seqs: Sequence[int], field: str) -> None:
    """Remove a field's plain value past its retention; the digests stay and the chain still verifies (A3)."""
    if field not in FIELDS:
        raise ValueError(field)
    connection.execute(update(audit_entry).where(audit_entry.c.seq.in_(sorted(seqs))).values({field: None}))
