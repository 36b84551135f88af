"""The store: opened at a folder or a URL, read and written in whole transactions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from samdrift.model.errors import NoStore, WrongUse
from samdrift.store import faults, head_file, keys, migrate
from samdrift.store.engine import WRITES, make_engine, make_sqlite_file, require_durable
from samdrift.store.location import Location, locate, require_private_folder
from samdrift.store.schema import VERSION


class Store:
    """An open store. `state_dir` holds keys, locks and raw readings; `name` is what errors say."""

    def __init__(self, where: Location) -> None:
        self.state_dir: Path = where.state_dir
        self.name: str = where.name
        self.engine: Engine = make_engine(where)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction, committed at the end or not at all; CouldNotRecord when disk or database refuses.

        The state folder is found as `connection.info["state_dir"]`: keys and raw readings lie there, not in the database.
        """
        with faults.recording(self.name):
            with self.engine.connect().execution_options(**{WRITES: True}) as connection:
                connection.info["state_dir"] = self.state_dir
                connection.info.pop("audit_head", None)  # of a transaction that failed on this pooled connection
                with connection.begin():
                    yield connection
                head = connection.info.pop("audit_head", None)
            if head is not None:
                with contextlib.suppress(OSError):  # what was written stands; an older kept head is still one of the chain
                    head_file.remember(self.state_dir, *head)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction over a consistent state; CouldNotObserve when it cannot be read."""
        with faults.reading(self.name), self.engine.connect() as connection:
            connection.info["state_dir"] = self.state_dir
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(location: str | Path | None, *, create: bool = False, state_dir: Path | None = None) -> Store:
    """The store at a folder or `postgresql://` URL (with a URL, `state_dir` is the folder beside it, else the default one).

    `create` makes what is missing and demands that it can be written; without it nothing is made. WrongUse when there is no
    store, the folder is not ours alone, or the database does not sync; WrongStoreVersion names both versions.
    """
    where = locate(location, state_dir)
    require_private_folder(where.state_dir, create=create, writable=create)
    if where.url is None and not where.database.exists():
        if not create:
            raise _missing(where)
        _make_file(where)
    store = Store(where)
    try:
        _check(store, where, create=create)
    except BaseException:
        store.close()
        raise
    return store


def _check(store: Store, where: Location, *, create: bool) -> None:
    with faults.reading(where.name), store.engine.connect() as connection:
        require_durable(connection, where.name)
        found = migrate.version(connection)
    if found is not None:
        migrate.require_version(found, where.name)
        return
    if not create:
        raise _missing(where)
    with store.write() as connection:
        if migrate.version(connection) is None:
            keys.make_first(where.state_dir)
            migrate.upgrade(connection)


def migrate_store(location: str | Path | None, *, state_dir: Path | None = None, dry_run: bool = False) -> tuple[str | None, str]:
    """Bring the store to this program's version, or make it; gives (version before or None, version after).

    An older store is copied first, to backups/before-<version>.sqlite in the state folder. WrongStoreVersion for a newer one.
    """
    where = locate(location, state_dir)
    there = where.state_dir.exists() and (where.url is not None or where.database.exists())
    if there:
        require_private_folder(where.state_dir, create=False, writable=True)
    if not there or (before := _version(where)) is None:
        if not dry_run:
            open_store(location, create=True, state_dir=state_dir).close()
        return None, VERSION
    if before > VERSION:
        migrate.require_version(before, where.name)
    if before < VERSION and not dry_run:
        with Store(where) as store:
            _copy_before(store, where, before)
            with store.write() as connection:
                migrate.upgrade(connection)
    return before, VERSION


def _version(where: Location) -> str | None:
    with Store(where) as store, store.read() as connection:
        return migrate.version(connection)


def _copy_before(store: Store, where: Location, version: str) -> None:
    if where.url is not None:
        return  # pg_dump is PostgreSQL's own way; the help of `store migrate` says so
    folder = where.state_dir / "backups"
    with faults.recording(str(folder)), store.engine.connect() as connection:
        folder.mkdir(mode=0o700, exist_ok=True)
        copy = folder / f"before-{version}.sqlite"
        copy.unlink(missing_ok=True)
        connection.exec_driver_sql("COMMIT")  # the engine begins a transaction by itself, and within one no copy can be made
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        copy.chmod(0o600)


def _missing(where: Location) -> WrongUse:
    return NoStore(f"there is no store at {where.name}", help="make it: samdrift store migrate, or name another with --store")


def _make_file(where: Location) -> None:
    try:
        make_sqlite_file(where.database)
    except Exception as error:  # whatever the disk says, it is said before work begins
        raise WrongUse(f"cannot make the store {where.name}: {error}", help="see the folder's owner, mode and free space") from error
