"""A database back in another host's cluster, by the agent itself on a real PostgreSQL: put into force only when equal, and nothing that stands there is altered."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from samdrift.adapters import pg_dump, pg_load
from samdrift.model.backup_job import JobDump
from samdrift.operations.build_backup_agent import build_backup_agent
from tests.lab.backup_walk import USERS, JointBackup
from tests.lab.parts.backup import BackupTarget
from tests.lab.parts.postgresql import Postgresql
from tests.lab.test_backup_databases import FILL

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
OTHER = "ost-lib-2"
WHOLE = (
    "ALTER DATABASE koha OWNER TO bib", "ALTER DATABASE koha SET work_mem = '8MB'", "COMMENT ON DATABASE koha IS 'a; b'", "GRANT CONNECT ON DATABASE koha TO reader",
)  # fmt: skip
ABOUT = "SELECT pg_get_userbyid(datdba) || '|' || shobj_description(oid, 'pg_database') || '|' || datacl::text FROM pg_database WHERE datname = 'koha'"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    with Postgresql(folder / "source") as source, Postgresql(folder / "other") as other:
        source.sql("CREATE ROLE bib LOGIN PASSWORD 'role-canary'")
        source.sql("CREATE DATABASE koha")
        source.sql(FILL, "koha")
        for statement in WHOLE:
            source.sql(statement)
        yield source, other


@pytest.fixture(scope="module")
def joint(tmp_path_factory, servers):
    folder = tmp_path_factory.mktemp("databases")
    source, _ = servers
    with BackupTarget(folder / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        made = JointBackup(folder, target).make().enrol()
        found = {"host": str(source.socket), "port": source.port("pg", 5432)}
        made.edit(sources=[{"path": str(made.source), "sentinel": ".mounted"}, {"postgres": "koha", "compare": ["lan", "vard.journal"], **found}, {"command": ["echo", "x"], "name": "x.txt"}])
        run = made.back_up()
        assert run["outcome"] == "ok", run
        build_backup_agent(folder / "agent.pyz")
        yield made


@pytest.fixture
def cluster(servers):
    """Where it is restored to: without the database, and with a role of its own."""
    _, other = servers
    yield other
    for name in other.sql("SELECT datname FROM pg_database WHERE datname LIKE 'koha' OR datname LIKE 'samdrift%'").split():
        other.sql(f'DROP DATABASE "{name}"')


def where(joint, cluster, name, *more):
    return ("bookit", "--device", OTHER, "--to", str(joint.folder / name), "--cluster", f"{cluster.socket}:{cluster.port('pg', 5432)}", *more)


def carried(joint, cluster, name, *more, change=lambda job: job):
    """The job handed out, carried out by the agent as a host would, and taken back: exit code and item."""
    job = change(json.loads(joint.here("hand-out-restore", *where(joint, cluster, name, *more)).stdout)) | {"state": str(joint.folder / "host")}
    ended = subprocess.run([sys.executable, "-I", "-S", str(joint.folder / "agent.pyz"), "restore"], input=json.dumps(job), capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert not [secret for secret in [*joint.secrets.values(), "SCRAM-SHA"] if secret in ended.stdout + ended.stderr]
    told = json.loads(ended.stdout)
    back = subprocess.run(
        joint.command("take-back-restore", *where(joint, cluster, name, *more), "--found", told["found"]), input=json.dumps(told), capture_output=True, text=True, env=joint.environment(), timeout=120, check=False
    )  # fmt: skip
    (item,) = json.loads(back.stdout)["items"]
    return back.returncode, item


def test_a_database_comes_back_with_roles_rights_and_settings_and_again_changes_nothing(joint, servers, cluster):
    (plan,) = joint.run("hand-out-restore", *where(joint, cluster, "back"), "--dry-run")
    assert (plan["databases"], plan["loads"], plan["estimate_seconds"]) == (["koha", "x.txt"], ["koha"], None)
    cluster.sql("CREATE ROLE reader NOLOGIN")
    code, item = carried(joint, cluster, "back")
    assert (code, item["status"], item["restored"], item["databases"]) == (0, "ok", True, [{"name": "koha", "status": "ok", "loaded": True, "compared": 2, "mismatches": []}]), item
    assert cluster.sql(ABOUT) == servers[0].sql(ABOUT)
    assert cluster.sql("SHOW work_mem", "koha").strip() == "8MB"
    assert cluster.sql("SELECT rolcanlogin FROM pg_roles WHERE rolname IN ('bib', 'reader') ORDER BY rolname").split() == ["t", "f"]
    assert cluster.sql("SELECT count(*) FROM lan", "koha").strip() == "20000"
    code, item = carried(joint, cluster, "back")
    assert (code, item["restored"], item["databases"][0]["loaded"], item["databases"][0]["status"]) == (0, False, False, "ok")


def test_a_database_that_stands_there_and_is_another_is_left_alone(joint, cluster):
    cluster.sql("CREATE DATABASE koha")
    cluster.sql("CREATE TABLE lan (ours text)", "koha")
    code, item = carried(joint, cluster, "beside")
    assert (code, item["status"], item["databases"][0]["loaded"]) == (1, "failure", False)
    assert cluster.sql("SELECT count(*) FROM lan", "koha").strip() == "0"


def test_what_a_killed_restore_left_is_removed_and_what_differs_is_not_put_into_force(joint, cluster):
    def altered(job):
        job["loads"][0]["dump"]["tables"][0]["rows"] += 1
        cluster.sql('CREATE DATABASE "samdrift_restoring_' + sha256(b"koha").hexdigest()[:16] + '"')
        return job

    code, item = carried(joint, cluster, "altered", change=altered)
    assert (code, item["databases"][0]["status"]) == (1, "failure")
    assert "was not put into force" in item["databases"][0]["mismatches"][0]
    assert cluster.sql("SELECT count(*) FROM pg_database WHERE datname = 'koha' OR datname LIKE 'samdrift%'").strip() == "0"


@pytest.mark.slow
def test_files_alone_touch_no_cluster_and_one_that_is_not_there_is_said(joint, cluster):
    code, item = carried(joint, cluster, "files", "--files-only")
    assert (code, item["status"], item["databases"]) == (0, "ok", [])
    assert cluster.sql("SELECT count(*) FROM pg_database WHERE datname = 'koha'").strip() == "0"

    def nowhere(job):
        job["loads"][0]["cluster"]["host"] = "/nonexistent"
        return job

    code, item = carried(joint, cluster, "nowhere", change=nowhere)
    assert (code, item["files"] > 0, "no PostgreSQL server answers" in item["databases"][0]["mismatches"][0]) == (1, True, True)


@pytest.mark.parametrize("cluster_given", ["relative", "/run/postgresql:0", "/a b", "host:5432"])
def test_what_is_no_cluster_is_one_line(joint, cluster_given):
    ended = joint.here("hand-out-restore", "bookit", "--device", OTHER, "--to", "/srv/back", "--dry-run", "--cluster", cluster_given)
    assert (ended.returncode, "is no cluster" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False), ended.stderr


def test_a_refused_statement_tells_no_password_and_a_silent_server_is_waited_for_no_longer_than_its_limit(cluster, monkeypatch):
    at = JobDump("postgres", "postgres", host=str(cluster.socket), port=cluster.port("pg", 5432))
    with pytest.raises(pg_dump.DatabaseFailed) as refused:
        pg_load.carry_out(at, ["CREATE ROLE bad LOGIN PASSWORD 'role-canary'", "ALTER ROLE bad WITH NONSENSE PASSWORD 'role-canary'"], together=True)
    assert "role-canary" not in str(refused.value)
    assert "bad" not in pg_load.roles(at)
    monkeypatch.setattr(pg_load, "ASK_S", 0.5)
    cluster.processes["postgres"].signal(signal.SIGSTOP)
    try:
        with pytest.raises(pg_dump.DatabaseFailed, match="its time was out"):
            pg_load.server_version(at)
    finally:
        cluster.processes["postgres"].signal(signal.SIGCONT)
