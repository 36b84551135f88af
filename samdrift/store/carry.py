"""Backup and restore of a store, from one engine into the same or the other (reliability.md S5)."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, cast

from sqlalchemy import Connection, Table, TypeDecorator, column, func, insert, select, type_coerce
from sqlalchemy import table as plain_table

from samdrift.model.errors import Refused
from samdrift.model.period import rfc3339
from samdrift.store import faults, head_file, keys, migrate
from samdrift.store.backup_file import (
    HEAD,
    ROWS_PER_ENTRY,
    SCHEMA,
    Head,
    Sealed,
    add,
    content,
    decode_rows,
    encode_rows,
    opened,
)
from samdrift.store.location import locate, require_private_folder
from samdrift.store.schema import VERSION, complete
from samdrift.store.store import Store, open_store
from samdrift.store.tables.audit import audit_head
from samdrift.store.tables.reading import reading_part

MOMENTARY = frozenset({"job_lock"})
"""Who holds a lock is of this machine and moment."""


def _tables() -> list[Table]:
    return [each for each in complete().sorted_tables if each.name not in MOMENTARY]


def back_up(store: Store, path: Path, *, at: datetime) -> Head:
    """Write one consistent state while writers go on; the file is whole or not there, and ours alone, for it holds the chain's keys."""
    scratch = path.with_name(f".{path.name}.new")
    with faults.recording(str(path)):
        try:
            descriptor = os.open(scratch, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as stream, store.read() as connection:
                sealed = Sealed(stream)
                head = _write(connection, store.state_dir, cast("Any", sealed), at)
                stream.write(sealed.seal())
                stream.flush()
                os.fsync(descriptor)
            scratch.replace(path)
            keys.sync_folder(path.absolute().parent)
        finally:
            scratch.unlink(missing_ok=True)
    return head


def _write(connection: Connection, state_dir: Path, stream: Any, at: datetime) -> Head:
    rows = {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in _tables()}
    head = Head(VERSION, rfc3339(at), rows)
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        said = {"schema": SCHEMA, "version": 1, "schema_version": head.schema_version, "made_at": head.made_at, "rows": rows}
        add(archive, HEAD, json.dumps(said, sort_keys=True).encode())
        for key in sorted(keys.folder(state_dir).glob("audit-[0-9]*")):
            add(archive, f"keys/{key.name}", key.read_bytes())
        for each in _tables():
            for number, rows_of_entry in enumerate(_read(connection, each)):
                add(archive, f"tables/{each.name}/{number:06d}", encode_rows(rows_of_entry))
        for row in connection.execute(select(reading_part.c.path).order_by(reading_part.c.path)).all():
            add(archive, f"raw/{row.path}", (state_dir / "raw" / row.path).read_bytes())
    return head


def _raw_type(kind: Any) -> Any:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _read(connection: Connection, each: Table) -> Iterator[Any]:
    """The rows as the database keeps them, by primary key, so that equal stores give equal files."""
    columns = [type_coerce(one, _raw_type(one.type)).label(one.name) for one in each.c]
    query = select(*columns).order_by(*each.primary_key.columns).execution_options(yield_per=ROWS_PER_ENTRY)
    with connection.execute(query) as result:
        yield from result.partitions(ROWS_PER_ENTRY)


def check(path: Path) -> Head:
    """What a backup file holds; WrongUse when a byte of it is not as it was written, WrongStoreVersion for another version."""
    with opened(path) as (head, archive):
        migrate.require_version(head.schema_version, str(path))
        for entry in archive:
            content(archive, entry)
    return head


def restore(path: Path, location: str | Path | None, *, state_dir: Path | None = None) -> Head:
    """Fill an empty store, made when it is not there, in one transaction; Refused when it holds anything."""
    where = locate(location, state_dir)
    with opened(path) as (head, archive):
        migrate.require_version(head.schema_version, str(path))
        require_private_folder(where.state_dir, create=True, writable=True)
        with open_store(location, create=True, state_dir=state_dir) as store, store.write() as connection:
            _require_empty(connection, store.name)
            _fill(connection, where.state_dir, archive)
            found = {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in _tables()}
            if found != head.rows:
                raise ValueError("it holds other numbers of rows than its head says")
            last = connection.execute(select(audit_head)).one_or_none()
    keys.read.cache_clear()
    (keys.folder(where.state_dir) / head_file.NAME).unlink(missing_ok=True)
    if last is not None:
        with faults.recording(str(where.state_dir)):
            head_file.remember(where.state_dir, last.seq, last.digest)
    return head


def _require_empty(connection: Connection, name: str) -> None:
    for each in _tables():
        if connection.execute(select(func.count()).select_from(each)).scalar_one():
            raise Refused(f"the store {name} is not empty: it has rows in {each.name}", help="restore into an empty folder or database: --store DIR|URL")


def _fill(connection: Connection, state_dir: Path, archive: tarfile.TarFile) -> None:
    tables = {each.name: each for each in _tables()}
    for entry in archive:
        place, found = PurePosixPath(entry.name), content(archive, entry)
        if place.parts[0] == "tables":
            each = tables[place.parts[1]]
            bare = plain_table(each.name, *(column(one.name, _raw_type(one.type)) for one in each.c))
            if rows := decode_rows(each, found):
                connection.execute(insert(bare), rows)
        elif place.parts[0] in {"keys", "raw"} and len(place.parts) > 1:
            _write_file(state_dir / place, found)
        elif entry.name != HEAD:
            raise ValueError(f"the entry {entry.name!r} is not one that a store writes")


def _write_file(path: Path, found: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened_file:
        opened_file.write(found)
        opened_file.flush()
        os.fsync(descriptor)
    keys.sync_folder(path.parent)
