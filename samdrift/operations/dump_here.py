"""Dump what lies behind a command on this machine: databases and others through a pipe into snapshots of their own, or none (backup.md B8)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from samdrift.adapters import pg_dump, restic
from samdrift.adapters.clock import elapsed_s
from samdrift.adapters.pipe import TAKER_GONE, Piped, Program
from samdrift.model.backup_job import BackupJob, JobDump
from samdrift.model.database import DumpFacts
from samdrift.model.errors import MissingProgram


@dataclass(frozen=True, slots=True)
class Dumper:
    """One job's dumps: `until` is the run's deadline on the monotonic clock, `folder` where the roles lie until they are backed up."""

    job: BackupJob
    access: restic.Access
    folder: Path
    until: float

    def dump(self, wanted: JobDump) -> DumpFacts:
        """One dump, snapshot and all; `failure` says why there is none, and then the repository holds none. ResticFailed when the repository is what failed."""
        facts = DumpFacts(wanted.name, wanted.path, wanted.kind)
        try:
            return self._postgres(wanted, facts) if wanted.kind == "postgres" else self._command(wanted, facts)
        except (pg_dump.DatabaseFailed, MissingProgram) as error:
            return replace(facts, failure=f"{wanted.name}: {error}")

    def roles(self, wanted: JobDump) -> Path:
        """Where the roles of a database's cluster lie: restored with the files, needed before the dump is."""
        return self.folder / f"{wanted.name}.roles.sql"

    def _left(self) -> float:
        return max(1.0, self.until - elapsed_s())

    def _postgres(self, wanted: JobDump, facts: DumpFacts) -> DumpFacts:
        roles = self.roles(wanted)
        roles.touch(mode=0o600)
        roles.write_bytes(pg_dump.roles(wanted, self._left()))
        with pg_dump.session(wanted, self._left()) as opened:
            snapshot, server = pg_dump.exported(opened)
            tables = opened.tables(wanted.compare)
            seen = replace(facts, tables=tables, server=server)
            return self._streamed(wanted, seen, pg_dump.dump_program(wanted, snapshot), pg_dump.parse_program())

    def _command(self, wanted: JobDump, facts: DumpFacts) -> DumpFacts:
        return self._streamed(wanted, facts, Program(wanted.command), Program(wanted.parser) if wanted.parser else None)

    def _streamed(self, wanted: JobDump, facts: DumpFacts, producer: Program, parser: Program | None) -> DumpFacts:
        tags = (f"run={self.job.run}", f"backup={self.job.backup}", f"part={wanted.path}")
        piped = restic.backup_stream(
            self.access, wanted.path, producer, parser=parser, host=self.job.host, tags=tags, limit_seconds=self._left(), limit_upload_kib=self.job.limit_upload_kib
        )  # fmt: skip
        if piped.refusal and piped.taker.code != 0 and piped.refusal != TAKER_GONE and not piped.timed_out:
            return replace(facts, failure=f"{wanted.name}: {piped.refusal}{_said(piped)}")
        if piped.taker.code != 0 or piped.refusal:
            raise restic.failed(piped.taker)
        return replace(facts, size_bytes=piped.size_bytes, sha256=piped.sha256, snapshot=_snapshot(piped))


def _snapshot(piped: Piped) -> str | None:
    told = restic.summary(piped.taker)
    return str(told.get("snapshot_id") or "") or None


def _said(piped: Piped) -> str:
    for ended in (piped.producer, piped.parser):
        if ended is not None and ended.code != 0 and ended.said:
            return f": {ended.said[:200]}"
    return ""


def read_dumps_back(access: restic.Access, run: str, dumps: Sequence[DumpFacts]) -> tuple[DumpFacts, ...]:
    """The dumps with their full ids, each held against what the repository lists: path and size of the file; one that is not there as it was made has a failure."""
    listed = {one.tag("part"): one for one in restic.snapshots(access, tag=f"run={run}")}
    found = []
    for one in dumps:
        there = listed.get(one.path)
        if one.failure or there is None:
            found.append(one if one.failure else replace(one, snapshot=None, failure=f"{one.name}: the repository lists no snapshot of it"))
            continue
        sizes = _sizes(access, there.id)
        whole = sizes == {one.path: one.size_bytes}
        found.append(replace(one, snapshot=there.id, failure="" if whole else f"{one.name}: the snapshot holds {json.dumps(sizes)}, {one.size_bytes} bytes were written"))
    return tuple(found)


def _sizes(access: restic.Access, snapshot: str) -> dict[str, int]:
    sizes: dict[str, int] = {}

    def take(node: dict[str, object]) -> None:
        if node["type"] == "file":
            sizes[str(node["path"])] = int(str(node.get("size", 0)))

    restic.listing(access, snapshot, take, limit_seconds=restic.QUICK_S)
    return sizes
