"""pg_dump and psql: a database as a stream, with what its compared tables held in the dump's own transaction (backup.md B8)."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from samdrift.adapters.limits import SIZES
from samdrift.adapters.pipe import Program
from samdrift.adapters.process import Kept, clean_environment, end_group, find_program, run
from samdrift.model.backup_job import JobDump
from samdrift.model.database import SETTINGS, TableFacts, digest_sql, table_facts

COMPLETE = b"-- PostgreSQL database cluster dump complete"
MARK = "samdrift-answered"


class DatabaseFailed(Exception):
    """The database did not do it; the text is its last line."""


def as_user(dump: JobDump) -> list[str]:
    """What goes before a command so that root speaks to a socket as the database's user; empty for others, and for a host reached by name."""
    if os.geteuid() != 0 or not dump.host.startswith("/"):
        return []
    try:
        pwd.getpwnam(dump.user)
    except KeyError:
        return []
    return ["setpriv", f"--reuid={dump.user}", f"--regid={dump.user}", "--init-groups", "--"]


def where(dump: JobDump) -> list[str]:
    """The options that lead a client program to the database's server."""
    return ["--host", dump.host, "--port", str(dump.port), "--username", dump.user, "--no-password"]


def dump_program(dump: JobDump, snapshot: str) -> Program:
    """The producer: custom format, uncompressed (restic deduplicates), of an exported snapshot."""
    arguments = ["pg_dump", *where(dump), "--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--dbname={dump.name}"]
    return Program([*as_user(dump), *arguments])


def parse_program() -> Program:
    """Reads a custom dump whole: `--list` alone takes a stump for a dump."""
    return Program(["pg_restore", "--file=/dev/null"])


def roles(dump: JobDump, limit_seconds: float) -> bytes:
    """The cluster's roles as SQL, whole; DatabaseFailed otherwise."""
    ended = run([*as_user(dump), "pg_dumpall", *where(dump), "--roles-only"], limit_seconds=limit_seconds, cwd=Path("/"))
    if ended.code != 0 or ended.timed_out or ended.cut or COMPLETE not in ended.stdout[-400:]:
        raise DatabaseFailed(f"the roles could not be dumped: {ended.stderr.decode(errors='replace').strip()[:300] or ended.code}")
    return ended.stdout


class Session:
    """A transaction that stays open, by psql; each query gives its rows."""

    def __init__(self, process: subprocess.Popen[bytes], errors: Kept) -> None:
        self._process, self._errors = process, errors

    def ask(self, statement: str) -> list[str]:
        """The rows of one statement; DatabaseFailed with the server's words."""
        rows: list[str] = []
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with suppress(OSError):
            stdin.write(f"{statement};\n\\echo {MARK}\n".encode())
            stdin.flush()
        for line in stdout:
            text = line.decode(errors="replace").rstrip("\n")
            if text == MARK:
                return rows
            rows.append(text)
        self._errors.join(2)
        said = self._errors.kept.decode(errors="replace").strip().splitlines()
        raise DatabaseFailed(said[0] if said else "psql ended before it answered")

    def tables(self, names: Sequence[str]) -> tuple[TableFacts, ...]:
        """Count and digest of each table as this transaction sees it."""
        found = []
        for name in names:
            rows = self.ask(digest_sql(name))
            try:
                found.append(table_facts(name, rows[0] if rows else ""))
            except ValueError as error:
                raise DatabaseFailed(str(error)) from None
        return tuple(found)


@contextmanager
def session(dump: JobDump, limit_seconds: float) -> Iterator[Session]:
    """A read-only transaction of repeatable read whose settings make digests comparable; ended at the limit and on leaving."""
    argv = [*as_user(dump), "psql", *where(dump), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", f"--dbname={dump.name}"]
    process = subprocess.Popen(
        [find_program(argv[0]), *argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(), cwd="/", start_new_session=True,
    )  # fmt: skip
    errors = Kept(process.stderr, SIZES["device-text"], None)
    limit = threading.Timer(limit_seconds, end_group, (process, signal.SIGTERM))
    limit.daemon = True
    limit.start()
    try:
        opened = Session(process, errors)
        for statement in ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", *SETTINGS):
            opened.ask(statement)
        yield opened
    finally:
        limit.cancel()
        end_group(process, signal.SIGTERM)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError, ValueError):
                    stream.close()


def exported(opened: Session) -> tuple[str, str]:
    """The id of the transaction's snapshot, for pg_dump, and the server's version."""
    return opened.ask("SELECT pg_export_snapshot()")[0], opened.ask("SHOW server_version")[0]
