"""Databases as sources: the dump's own transaction counted, its stream parsed whole before restic sees its end, or no snapshot at all (backup.md B8, F9)."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from samdrift.adapters import pg_dump
from samdrift.model.backup_job import JobDump
from tests.lab.backup_walk import DEVICE, OWNER, ROOT, USERS, JointBackup, enrolled_in
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.backup import BackupTarget, restic
from tests.lab.parts.postgresql import Postgresql

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
FILL = """
CREATE ROLE reader LOGIN;
CREATE TABLE lan (id bigint PRIMARY KEY, titel text, nar timestamptz, bild bytea);
INSERT INTO lan SELECT n, 'bok ' || n, '2026-11-24T01:15:00Z'::timestamptz + n * interval '1 min', decode(md5(n::text), 'hex') FROM generate_series(1, 20000) AS n;
CREATE SCHEMA vard; CREATE TABLE vard.journal (rad text); INSERT INTO vard.journal VALUES ('å'), ('å'), (NULL);
GRANT SELECT ON lan TO reader;
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Postgresql(tmp_path_factory.mktemp("postgresql") / "part") as part:
        part.sql("CREATE DATABASE koha")
        part.sql(FILL, "koha")
        yield part


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory):
    return enrolled_in(tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def joint(tmp_path, server, enrolled):
    shutil.copytree(enrolled, tmp_path / "target" / "data")
    with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        made = JointBackup(tmp_path, target).make()
        made.edit(sources=[{"path": str(made.source), "sentinel": ".mounted"}, source_of(server)])
        yield made


def source_of(server, **more):
    return {"postgres": "koha", "compare": ["lan", "vard.journal"], "host": str(server.socket), "port": server.port("pg", 5432), **more}


def snapshots(joint):
    """What restic itself lists at the hall, by its tag `part`."""
    import json

    folder = joint.folder / "client"
    folder.mkdir(exist_ok=True)
    listed = restic(joint.target.url(OWNER, "common"), "hall-key-canary", joint.target.ca, "snapshots", "--json", "--no-lock", folder=folder)
    return [next((tag for tag in one["tags"] if tag.startswith("part=")), "main") for one in json.loads(listed.stdout) or []]


def broken_tool(joint, name, script):
    """A program of that name before the real one in PATH."""
    folder = joint.folder / "bin"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    for parent in (folder, *folder.parents):
        if os.geteuid() == 0 and not os.stat(parent).st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o001)
    joint.path = f"{folder}:{os.environ['PATH']}"


def test_a_database_is_dumped_counted_copied_drilled_and_restored_with_its_files(joint, server):
    run = joint.back_up()
    assert (run["outcome"], run["reasons"], run["files"]) == ("ok", [], 49)
    assert sorted(snapshots(joint)) == ["main", "part=/samdrift/postgres/koha.dump"]
    assert joint.copy()["copied"] == 2
    joint.target.stop()
    proof = joint.drill()
    assert (proof["passed"], proof["files"], proof["missing"], proof["mismatches"]) == (True, 49, [], [])
    (restored,) = joint.run("restore", "bookit", "--site", "hall-are", "--to", str(joint.folder / "back"))
    assert (restored["status"], restored["files"]) == ("ok", 49)
    dump = joint.folder / "back" / "samdrift" / "postgres" / "koha.dump"
    (alone,) = joint.run("restore", "bookit", "--site", "hall-are", "--to", str(joint.folder / "dump"), "--path", "/samdrift/postgres/koha.dump")
    assert (alone["status"], alone["files"], [path.name for path in (joint.folder / "dump").rglob("*") if path.is_file()]) == ("ok", 1, ["koha.dump"])
    roles = next((joint.folder / "back").rglob("koha.roles.sql")).read_text()
    assert "CREATE ROLE reader" in roles
    os.chmod(joint.folder, 0o755)
    server.sql("CREATE DATABASE scratch")
    done = subprocess.run(["pg_restore", "-h", str(server.socket), "-p", str(server.port("pg", 5432)), "-U", "postgres", "-d", "scratch", str(dump)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    where = {"host": str(server.socket), "port": server.port("pg", 5432)}
    with pg_dump.session(JobDump("koha", "postgres", **where), 30) as live, pg_dump.session(JobDump("scratch", "postgres", **where), 30) as scratch:
        assert live.tables(["lan", "vard.journal"]) == scratch.tables(["lan", "vard.journal"])
    server.sql("DROP DATABASE scratch")


def test_counts_are_those_of_the_dumps_own_transaction(server):
    where = JobDump("koha", "postgres", host=str(server.socket), port=server.port("pg", 5432))
    with pg_dump.session(where, 30) as opened:
        pg_dump.exported(opened)
        server.sql("INSERT INTO lan VALUES (900001, 'senare', now(), '')", "koha")
        (seen,) = opened.tables(["lan"])
    assert seen.rows == 20_000
    server.sql("DELETE FROM lan WHERE id = 900001", "koha")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param('/usr/bin/pg_dump "$@" | head -c 500000; kill -KILL $$', "ended with -9", id="dies half way", marks=pytest.mark.slow),
        pytest.param('/usr/bin/pg_dump "$@" | head -c 500000; exit 0', "could not be parsed whole", id="ends with 0 but short"),
        pytest.param("exit 0", "wrote nothing", id="writes nothing", marks=pytest.mark.slow),
    ],
)
def test_a_dump_that_is_not_whole_leaves_no_snapshot(joint, server, script, said):
    joint.edit(sources=[source_of(server)])
    broken_tool(joint, "pg_dump", script)
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"], run["snapshot"]) == ("failed", ["dump-failed"], None)
    assert said in run["message"]
    assert snapshots(joint) == []
    joint.path = None
    assert joint.back_up()["outcome"] == "ok"


def test_files_are_kept_when_the_database_beside_them_fails_and_no_recovery_point_moves(joint, server):
    joint.edit(sources=[{"path": str(joint.source)}, source_of(server, compare=["finns_inte"])])
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"]) == ("partial", ["dump-failed"])
    assert "finns_inte" in run["message"]
    assert snapshots(joint) == ["main"]
    assert joint.status(code=1)["sites"][0]["recovery_point_at"] is None


def test_our_own_process_killed_in_a_dump_leaves_no_stump(joint, server):
    joint.edit(sources=[source_of(server)])
    broken_tool(joint, "pg_dump", '/usr/bin/pg_dump "$@" | head -c 500000; sleep 60')
    running = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("restic reads", lambda: any((joint.target.data / OWNER / "common" / "locks").iterdir()), 60)
    children = {int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == running.pid}
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    wait_for("nothing of it is left", lambda: not any(_lives(pid) for pid in children if pid != running.pid), 30)
    assert snapshots(joint) == []
    joint.path = None
    assert joint.back_up()["outcome"] == "ok"


def _parent(path):
    try:
        return int(path.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _lives(pid):
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"restic" in words and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_other_producers_and_hooks_are_argument_lists(joint):
    trace = joint.folder / "trace"
    produce = {"command": ["sh", "-c", "seq 1 200000"], "name": "tal.txt", "parser": ["grep", "-q", "-x", "200000"]}
    joint.edit(sources=[produce], hooks={"before": [["sh", "-c", f"echo before >> {trace}"]], "after": [["sh", "-c", f"echo after >> {trace}"]], "on_error": [["sh", "-c", f"echo error >> {trace}"]]})
    assert joint.back_up()["outcome"] == "ok"
    assert trace.read_text().split() == ["before", "after"]
    joint.edit(sources=[{**produce, "command": ["sh", "-c", "seq 1 1000"]}])
    run = joint.back_up(code=1)
    assert run["reasons"] == ["dump-failed"]
    assert trace.read_text().split()[2:] == ["before", "after", "error"]


@pytest.mark.slow
def test_a_hook_that_fails_stops_the_run_and_a_notification_never_does(joint):
    joint.edit(sources=[{"path": str(joint.source)}], hooks={"before": [["false"], ["touch", str(joint.folder / "no")]]})
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"], run["snapshot"]) == ("failed", ["hook-failed"], None)
    assert not (joint.folder / "no").exists()
    joint.edit(hooks={"before": [["sleep", "60"]], "limit": "1 s"})
    assert "did not end within 1 s" in joint.back_up(code=1)["message"]
    joint.edit(hooks={"after": [["false"]]})
    run = joint.back_up()
    assert (run["outcome"], run["reasons"]) == ("ok", ["hook-failed"])
    assert joint.status(code=1)["sites"][0]["recovery_point_at"]
