"""pg_restore and psql: a dump into a cluster that serves others too; what is there already is never altered (backup.md 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from samdrift.adapters.limits import NETWORK, PROGRAM_SECONDS
from samdrift.adapters.pg_dump import DatabaseFailed, as_user, where
from samdrift.adapters.process import Ended, run
from samdrift.model.backup_job import JobDump

ASK_S = NETWORK["postgres"].total_s
ANSWER_S = PROGRAM_SECONDS["restic"]
_WHOLE = re.compile(r"\d+; \d+ \d+ (?:DATABASE|DATABASE PROPERTIES|(?:ACL|COMMENT|SECURITY LABEL) - DATABASE) ")
"""Entries of a dump's list that are of the database as a whole."""


def server_version(cluster: JobDump) -> int:
    """Major version of the server; DatabaseFailed when none answers."""
    return int(_ask(cluster, "SHOW server_version_num")[0]) // 10_000


def databases(cluster: JobDump) -> dict[str, int]:
    """Name → object id of each database."""
    rows = (line.rpartition("|") for line in _ask(cluster, "SELECT datname || '|' || oid FROM pg_database"))
    return {name: int(oid) for name, _, oid in rows}


def roles(cluster: JobDump) -> frozenset[str]:
    """Names of the cluster's roles."""
    return frozenset(_ask(cluster, "SELECT rolname FROM pg_roles"))


def carry_out(cluster: JobDump, statements: Iterable[str], *, together: bool) -> None:
    """Carry out statements, in one transaction if `together`; DatabaseFailed with the server's code alone where its words might tell a role's password."""
    script = "\\set VERBOSITY sqlstate\n" + "".join(f"{one};\n" for one in statements)
    _require(_psql(cluster, script, *(["--single-transaction"] if together else [])), "a statement of the dump was refused")


def drop(cluster: JobDump, database: str) -> None:
    """Remove a database of ours that was never put into force."""
    _require(_client(cluster, ["dropdb", "--if-exists", database]), f"{database} could not be removed")


def whole_script(dump: Path, folder: Path) -> str:
    """The SQL that makes the dump's database and sets what belongs to it as a whole; no server is asked."""
    listed = _require(run(["pg_restore", "--list", "--create", str(dump)], limit_seconds=ANSWER_S), "the dump cannot be listed").stdout
    chosen = folder / "whole.list"
    chosen.write_text("".join(f"{line}\n" for line in listed.decode(errors="replace").splitlines() if _WHOLE.match(line)))
    written = run(["pg_restore", "--create", f"--use-list={chosen}", "--file=-", str(dump)], limit_seconds=ANSWER_S)
    return _require(written, "the dump cannot be read").stdout.decode()


def load(cluster: JobDump, database: str, dump: Path, *, limit_seconds: float) -> None:
    """Everything of the dump into an empty database, or nothing."""
    with dump.open("rb") as opened:  # as root: the server's user may not walk to it
        ended = run(
            [*as_user(cluster), "pg_restore", *where(cluster), "--exit-on-error", "--single-transaction", f"--dbname={database}"], stdin=opened, limit_seconds=limit_seconds, cwd=Path("/")
        )  # fmt: skip
    _require(ended, "the dump was not loaded")


def _ask(cluster: JobDump, statement: str) -> list[str]:
    return _require(_psql(cluster, f"{statement};\n"), f"no PostgreSQL server answers at {cluster.host}:{cluster.port}").stdout.decode().splitlines()


def _psql(cluster: JobDump, script: str, *more: str) -> Ended:
    argv = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname=postgres", *more]
    return _client(cluster, argv, script.encode(), limit_seconds=ANSWER_S if more else ASK_S)


def _client(cluster: JobDump, argv: Sequence[str], stdin: bytes | None = None, *, limit_seconds: float = ANSWER_S) -> Ended:
    return run([*as_user(replace(cluster, name="postgres")), argv[0], *where(cluster), *argv[1:]], stdin=stdin, limit_seconds=limit_seconds, cwd=Path("/"))


def _require(ended: Ended, what: str) -> Ended:
    if ended.code != 0 or ended.timed_out or ended.cut:
        raise DatabaseFailed(f"{what}: {'its time was out' if ended.timed_out else ended.said[:300]}")
    return ended
