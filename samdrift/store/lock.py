"""The lock of a job: a file lock that dies with its process, and a row that says who holds it (reliability.md R1, S6)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from samdrift.model.errors import LockHeld, SamdriftError, WrongUse
from samdrift.model.period import STOCKHOLM, from_microseconds
from samdrift.store.process_identity import Process, alive, myself
from samdrift.store.store import Store
from samdrift.store.tables.run import job_lock

LEASE = timedelta(seconds=60)
RENEW_S = 15.0


@dataclass(frozen=True, slots=True)
class Lock:
    """A held lock; `token` only grows, so that a holder who lost it is known by its number."""

    name: str
    token: int

    def require(self, connection: Connection) -> None:
        """LockHeld unless this is still the newest holder; called in a transaction that must not come late."""
        query = select(job_lock.c.token).where(job_lock.c.name == self.name).with_for_update()
        if connection.execute(query).scalar() != self.token:
            raise LockHeld(f"{self.name}: the lock was lost to another run; nothing of this step was stored")


@contextmanager
def job_lock_of(store: Store, name: str, *, at: datetime) -> Iterator[Lock]:
    """Hold the lock `name` while the block runs; LockHeld names the holder's host, process and start (exit 75)."""
    with contextlib.ExitStack() as held:
        if store.engine.dialect.name == "sqlite":
            held.enter_context(_file_lock(store, name))
        lock = _claim(store, name, at)
        held.callback(_release, store, lock)
        if store.engine.dialect.name == "postgresql":
            held.enter_context(_renewed(store, lock))
        yield lock


@contextmanager
def _file_lock(store: Store, name: str) -> Iterator[None]:
    """flock(2) on state/locks/<name>: the kernel frees it when the process ends, however it ends."""
    path = store.state_dir / "locks" / name.replace("/", "_")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = _open_and_lock(path)
    except OSError as error:
        raise WrongUse(f"cannot lock {path}: {(error.strerror or str(error)).lower()}", help="see who may write there") from error
    if descriptor is None:
        raise _held(store, name)
    try:
        yield
    finally:
        os.close(descriptor)


def _open_and_lock(path: Path) -> int | None:
    """A locked descriptor of the very file that now bears the name, or None when another process holds it."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        os.close(descriptor)


def _now(connection: Connection, at: datetime) -> datetime:
    """The database's own clock where several machines share it."""
    if connection.dialect.name != "postgresql":
        return at
    return from_microseconds(int(connection.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")).scalar_one()))


def _claim(store: Store, name: str, at: datetime) -> Lock:
    """Take the row; who removed the lock's file meets the living holder here."""
    me = myself()
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
        now = _now(connection, at)
        row = connection.execute(select(job_lock).where(job_lock.c.name == name)).one_or_none()
        if row is not None and _holds(row, now):
            raise _held_by(name, row)
        token = 1 if row is None else row.token + 1
        values: dict[str, Any] = {
            "token": token, "host": me.host, "pid": me.pid, "birth": me.birth, "started_at": at, "released": 0,
            "expires_at": now + LEASE if connection.dialect.name == "postgresql" else None,
        }  # fmt: skip
        if row is None:
            connection.execute(job_lock.insert().values(name=name, **values))
        else:
            connection.execute(update(job_lock).where(job_lock.c.name == name).values(**values))
    return Lock(name, token)


def _holds(row: Any, now: datetime) -> bool:
    if row.released:
        return False
    lives = alive(Process(row.host, row.pid, row.birth))
    if lives is not None and (row.expires_at is None or not lives):
        return lives
    return row.expires_at is not None and row.expires_at > now


def _held_by(name: str, row: Any) -> LockHeld:
    since = row.started_at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S %Z")
    return LockHeld(f"{name} is running: host {row.host}, process {row.pid}, since {since}", help="wait for it, or end that process")


def _held(store: Store, name: str) -> LockHeld:
    """Who holds the file lock; its row comes a moment after the lock."""
    with contextlib.suppress(SamdriftError), store.read() as connection:
        row = connection.execute(select(job_lock).where(job_lock.c.name == name)).one_or_none()
        if row is not None and not row.released:
            return _held_by(name, row)
    return LockHeld(f"{name} is running: a process that began this very moment", help="wait for it")


def _release(store: Store, lock: Lock) -> None:
    """Say in the row that nobody holds it; on a full disk the process's end says so too."""
    with contextlib.suppress(SamdriftError), store.write() as connection:
        mine = (job_lock.c.name == lock.name) & (job_lock.c.token == lock.token)
        connection.execute(update(job_lock).where(mine).values(released=1))


@contextmanager
def _renewed(store: Store, lock: Lock) -> Iterator[None]:
    """Prolong the lease while the block runs; a process that is stopped or cut off loses it."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEW_S):
            with contextlib.suppress(SamdriftError), store.write() as connection:
                mine = (job_lock.c.name == lock.name) & (job_lock.c.token == lock.token)
                now = _now(connection, from_microseconds(0))
                connection.execute(update(job_lock).where(mine).values(expires_at=now + LEASE))

    thread = threading.Thread(target=renew, name=f"lease of {lock.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
