"""Load databases on this machine from dumps that were restored here: into a name of ours, compared, then into force; carried to hosts with the agent (backup.md B8)."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from samdrift.adapters import pg_dump, pg_load
from samdrift.adapters.limits import SIZES
from samdrift.model.backup_job import JobDump
from samdrift.model.database import TableFacts, differing
from samdrift.model.errors import MissingProgram
from samdrift.model.restore_job import JobLoad, LoadFacts, RestoreJob
from samdrift.model.sql_script import for_database, for_new_roles

HEAD = "samdrift_restoring_"
"""A database of this name is ours and was never in force: that of a restore that was killed is removed at the next."""


def load_databases(job: RestoreJob) -> tuple[LoadFacts, ...]:
    """Each of the job's dumps: loaded, there already, or why not. One that stands there and is something else is left alone."""
    return tuple(_load(job, one) for one in job.loads)


def _load(job: RestoreJob, load: JobLoad) -> LoadFacts:
    name, dump = load.dump.name, Path(job.to + load.dump.path)
    cluster = replace(load.cluster, name="postgres")
    temporary = HEAD + hashlib.sha256(name.encode()).hexdigest()[:16]
    try:
        _fits(load, cluster, dump)
        there = pg_load.databases(cluster)
        if name in there:
            return _there(job, load, there[name])
        pg_load.drop(cluster, temporary)
        try:
            _make(job, load, cluster, temporary, dump)
            found = _tables(load, temporary)
            wrong = differing(load.dump.tables, found)
            if not wrong:
                pg_load.carry_out(cluster, [f'ALTER DATABASE "{temporary}" RENAME TO {_identifier(name)}'], together=False)
                _note(job, load, pg_load.databases(cluster)[name])
                return LoadFacts(name, loaded=True, found=replace(load.dump, tables=found))
        finally:
            pg_load.drop(cluster, temporary)
    except (pg_dump.DatabaseFailed, MissingProgram) as error:
        return LoadFacts(name, failure=f"{name}: {error}")
    return LoadFacts(name, found=replace(load.dump, tables=found), failure=f"{name}: what was loaded is not the source's ({'; '.join(wrong)}); it was not put into force")


def _fits(load: JobLoad, cluster: JobDump, dump: Path) -> None:
    if _digest(dump) != load.dump.sha256:
        raise pg_dump.DatabaseFailed(f"the dump at {dump} is not the one that was made")
    source, here = int(load.dump.server.partition(".")[0] or 0), pg_load.server_version(cluster)
    if source > here:
        raise pg_dump.DatabaseFailed(f"it comes from PostgreSQL {source}, and the cluster here is of {here}")


def _make(job: RestoreJob, load: JobLoad, cluster: JobDump, temporary: str, dump: Path) -> None:
    roles = _roles_script(job, load.dump.name)
    lacking = for_new_roles(roles.read_text(), pg_load.roles(cluster)) if roles else ()
    if lacking:
        pg_load.carry_out(cluster, lacking, together=True)
    with TemporaryDirectory(dir=job.state, prefix=".load-") as scratch:
        whole = for_database(pg_load.whole_script(dump, Path(scratch)), f'"{temporary}"')
    pg_load.carry_out(cluster, whole, together=False)
    pg_load.load(cluster, temporary, dump, limit_seconds=job.limit_seconds)


def _roles_script(job: RestoreJob, name: str) -> Path | None:
    """The cluster's roles, beside the manifest of the run and below no declared path."""
    declared = {job.to.rstrip("/") + root for root in job.roots}
    for folder, inside, files in os.walk(job.to):
        inside[:] = [one for one in inside if f"{folder}/{one}" not in declared]
        if f"{name}.roles.sql" in files and folder.endswith(f"/manifests/{job.backup}"):
            return Path(folder) / f"{name}.roles.sql"
    return None


def _there(job: RestoreJob, load: JobLoad, oid: int) -> LoadFacts:
    """A database of that name: the same as the source's, or ours from the same dump; else it is left alone."""
    name, found = load.dump.name, _tables(load, load.dump.name)
    same = not differing(load.dump.tables, found) if load.dump.tables else _noted(job, load) == {"oid": oid, "sha256": load.dump.sha256}
    told = LoadFacts(name, there=same, found=replace(load.dump, tables=found))
    return told if same else replace(told, failure=f"{name}: a database of that name stands there and holds something else; nothing is ever written over")


def _tables(load: JobLoad, database: str) -> tuple[TableFacts, ...]:
    with pg_dump.session(replace(load.cluster, name=database), pg_load.ANSWER_S) as opened:
        return opened.tables([one.table for one in load.dump.tables])


def _note(job: RestoreJob, load: JobLoad, oid: int) -> None:
    """That this database came of this dump, for a second run where no table is declared to compare."""
    path = _note_path(job, load)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"oid": oid, "sha256": load.dump.sha256}))


def _noted(job: RestoreJob, load: JobLoad) -> object:
    path = _note_path(job, load)
    return json.loads(path.read_text()) if path.is_file() else None


def _note_path(job: RestoreJob, load: JobLoad) -> Path:
    folder = Path(job.state) / "restores"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{job.backup}-{load.dump.name}.json"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _digest(dump: Path) -> str:
    found = hashlib.sha256()
    try:
        descriptor = os.open(dump, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb", buffering=0) as stream:
            while block := stream.read(SIZES["hash-block"]):
                found.update(block)
    except OSError:
        return ""
    return found.hexdigest()


