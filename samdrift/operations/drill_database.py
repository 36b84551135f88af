"""Drill of level 4: every database of a run into a scratch cluster, counted and digested as its dump's own transaction did at the source (backup.md B21)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from samdrift.adapters import pg_dump, restic
from samdrift.adapters.clock import elapsed_s
from samdrift.adapters.limits import SIZES
from samdrift.adapters.scratch_cluster import Cluster, room_bytes, scratch_cluster
from samdrift.model.backup_job import JobDump
from samdrift.model.database import DumpFacts, differing
from samdrift.model.errors import CouldNotObserve
from samdrift.model.nouns.backup import Backup
from samdrift.model.snapshot import Snapshot

TIMES = 3
"""A restored database with its indexes and its write-ahead log takes about so many times its uncompressed dump."""
MARGIN = 512 * 2**20
PREFIX = "drill_"
LIMIT_S = 12 * 3600


@dataclass(slots=True)
class Databases:
    """What came of them: expected and found by `database.table` or by query, what differs, bytes of the dumps, seconds of restoring and of all."""

    expected: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    mismatches: list[str] = field(default_factory=list)
    restored: int = 0
    size_bytes: int = 0
    restore_seconds: int = 0
    seconds: int = 0

    @property
    def compared(self) -> int:
        return len(self.expected)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not pass; nothing compared is no pass."""
        wrong = [f"{len(self.mismatches)} differ"] if self.mismatches else []
        return tuple(wrong if self.compared else [*wrong, "nothing was compared"])


def drill_databases(backup: Backup, dumps: Sequence[DumpFacts], parts: Sequence[Snapshot], access: restic.Access, folder: Path) -> Databases:
    """Restore and compare the PostgreSQL dumps of one run. CouldNotObserve when there is none, one is not at the site, or there is no room."""
    wanted = [one for one in dumps if one.kind == "postgres"]
    if not wanted:
        raise CouldNotObserve(f"the last usable run of {backup.id} has no database", help="level 4 is for backups with a PostgreSQL source")
    need = TIMES * sum(one.size_bytes for one in wanted) + MARGIN
    if room_bytes() < need:
        raise CouldNotObserve(f"the drill needs {need} bytes for a scratch cluster and {room_bytes()} are free")
    by_path = {one.part: one for one in parts}
    queries = {source.postgres: dict(source.queries) for source in backup.sources if source.postgres}
    result, began = Databases(), elapsed_s()
    with scratch_cluster() as cluster:
        for one in wanted:
            part = by_path.get(one.path)
            if part is None:
                raise CouldNotObserve(f"the dump of {one.name} is not at the site that is drilled", help="samdrift backup copy")
            _restore(one, part, access, folder, cluster, result)
            _compare(one, queries.get(one.name, {}), cluster, result)
            (folder / one.path.lstrip("/")).unlink(missing_ok=True)
    result.seconds = ceil(elapsed_s() - began)
    return result


def _restore(one: DumpFacts, part: Snapshot, access: restic.Access, folder: Path, cluster: Cluster, result: Databases) -> None:
    began = elapsed_s()
    restic.require(restic.restore(access, part.id, folder, limit_seconds=LIMIT_S))
    path = folder / one.path.lstrip("/")
    if _digest(path) != one.sha256:
        result.mismatches.append(f"{one.name}: the dump is not the one that was made")
    database = PREFIX + one.name
    cluster.create(database)
    ended = cluster.restore(database, path, LIMIT_S)
    if ended.code != 0:
        result.mismatches.append(f"{one.name}: pg_restore ended with {ended.code}: {ended.said[:200]}")
    result.restored += 1
    result.size_bytes += one.size_bytes
    result.restore_seconds += ceil(elapsed_s() - began)


def _compare(one: DumpFacts, queries: Mapping[str, str], cluster: Cluster, result: Databases) -> None:
    for table in one.tables:
        result.expected[f"{one.name}.{table.table}"] = f"{table.rows} {table.digest}"
    for query, answer in queries.items():
        result.expected[f"{one.name}: {query}"] = answer
    try:
        with pg_dump.session(JobDump(PREFIX + one.name, "postgres", host=cluster.socket, user=cluster.user), LIMIT_S) as opened:
            found = opened.tables([table.table for table in one.tables])
            for table in found:
                result.found[f"{one.name}.{table.table}"] = f"{table.rows} {table.digest}"
            for query, answer in queries.items():
                said = "\n".join(opened.ask(query))
                result.found[f"{one.name}: {query}"] = said
                result.mismatches += [] if said == answer else [f"{one.name}: {query} gives {said[:80]!r}, wanted {answer!r}"]
    except pg_dump.DatabaseFailed as failure:
        result.mismatches.append(f"{one.name}: {failure}")
    else:
        result.mismatches += [f"{one.name}.{line}" for line in differing(one.tables, found)]


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as stream:
            while block := stream.read(SIZES["hash-block"]):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()
