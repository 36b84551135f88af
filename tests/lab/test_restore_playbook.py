"""A service back on another host by playbook: bookit, files and database, comes to the other hall's library host, the plan first; also from the disaster site with the hall gone."""

from __future__ import annotations

import os
import subprocess

import pytest
import yaml

from samdrift.model.viewer import OPERATIONS
from samdrift.operations.open_store import open_store
from samdrift.store import audit
from tests.lab.labkit.roof import LAB
from tests.lab.labkit.testing import TestLab
from tests.lab.test_backup_playbook import DISASTER, HOST, MEMBERS, make_joint

pytestmark = [pytest.mark.level("full"), pytest.mark.slow]
OTHER, TO = "ost-lib-2", "/srv/back"
PRINT = "cd {} && {{ find . -printf '%y %m %U %G %p %l\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; }} | cat -v"
DATABASE = """apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postgresql >/dev/null
psql() { setpriv --reuid=postgres --regid=postgres --init-groups psql --quiet --set=ON_ERROR_STOP=1 "$@"; }
cd /; psql --command "CREATE ROLE bib LOGIN PASSWORD 'role-canary'"; psql --command "CREATE DATABASE bookit OWNER bib"
psql bookit --command "CREATE TABLE lan AS SELECT n, 'bok ' || n AS titel FROM generate_series(1, 5000) AS n; ALTER TABLE lan OWNER TO bib"
"""
ASK = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "psql", "--tuples-only", "--no-align", "bookit", "--command")


@pytest.fixture(scope="module")
def restored(tmp_path_factory):
    """Six hosts, as the fourth of the walk's is nobody's second one; bookit backed up with its database, its copy on the disaster site's host."""
    lab = TestLab(f"restore-{os.getpid()}")
    lab.down()
    lab.up("--hosts", "6")
    try:
        lab.lab("repo", "postgresql")
        joint = make_joint(lab, tmp_path_factory.mktemp("restore"), served=True)
        lab.host(HOST, "chown", "-R", "4321:8765", "/srv/bookit/lan")
        lab.host(HOST, "sh", "-ec", DATABASE)
        path = lab.inventory / "backups" / "ostersund.yml"
        document = yaml.safe_load(path.read_text())
        next(one for one in document["backups"] if one["id"] == "bookit")["sources"].append({"postgres": "bookit", "compare": ["lan"]})
        path.write_text(yaml.safe_dump(document, allow_unicode=True))
        joint.samdrift("enrol", "ostersund", "--device", HOST, code=1)
        joint.back_up()
        joint.samdrift("copy", "bookit", "--device", DISASTER, site="hall-are")
        carry_copy(joint)
        yield joint
    finally:
        lab.down()


def carry_copy(joint):
    """The controller pulled into a folder of its own: the same folder on the disaster site's host gets what is in it."""
    folder = str(joint.folder / "disaster")
    packed = subprocess.run(["tar", "--create", "--gzip", "--directory", folder, "."], capture_output=True, check=True).stdout
    inside = [str(LAB), "in", DISASTER]
    subprocess.run([*inside, "tar", "--extract", "--gzip", "--directory", folder], input=packed, check=True, env=joint.lab.environment)
    joint.lab.host(DISASTER, "chown", "-R", "samdrift-backup:samdrift-backup", folder)


def restore(joint, *more, host=OTHER, to=TO, members=MEMBERS, code=0, site=""):
    named = [("samdrift_members", members), ("restore_backup", "bookit"), ("restore_host", host), ("restore_to", to)]
    return joint.play("restore-service.yml", *(word for name, value in named for word in ("-e", f"{name}={value}")), *more, code=code, site=site)


def there(joint):
    return joint.lab.host(OTHER, "find", "/srv", "/usr/local", "/var/lib/samdrift-backup", "-printf", "%p %T@\n", check=False).stdout


def test_the_plan_alone_changes_nothing_and_says_what_would_come(restored):
    before = there(restored)
    said = restore(restored, to="/srv/planned")
    assert "12 files" in said
    assert "databases loaded into the host's PostgreSQL: bookit" in said
    assert "Overwritten is nothing" in said
    assert f"to {OTHER}:/srv/planned" in said
    assert "Nothing is changed; add -e confirm=yes" in said
    assert "changed=0" in said
    restore(restored, "-e", "confirm=yes", "--check", "--diff", to="/srv/planned")
    assert there(restored) == before


def test_it_comes_back_equal_with_its_owners_and_a_second_run_changes_nothing(restored):
    said = restore(restored, "-e", "confirm=yes", "-vvv", "--diff")
    assert f"RESTORED bookit on {OTHER}:{TO}" in said
    assert "role-canary" not in said
    assert "SCRAM-SHA" not in said
    assert restored.lab.host(OTHER, *ASK, "SELECT count(*), max(titel), (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'bookit') FROM lan").stdout.strip() == "5000|bok 999|bib"
    source = restored.lab.host(HOST, "sh", "-c", PRINT.format("/srv/bookit")).stdout
    assert "4321 8765" in source
    assert restored.lab.host(OTHER, "sh", "-c", PRINT.format(f"{TO}/srv/bookit")).stdout == source
    assert "changed=1" not in restore(restored, "-e", "confirm=yes")
    restored.lab.host(OTHER, *ASK, "DELETE FROM lan WHERE n = 7")
    changed = restore(restored, "-e", "confirm=yes", code=2)
    assert "NOT RESTORED" in changed
    assert "holds something else; nothing is ever written over" in changed
    with open_store(restored.state) as store, store.read() as connection:
        written = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS)]
    assert [entry["verb"] for entry in written if (entry.get("after") or {}).get("to") == TO] == ["restore", "restored", "restore", "restore"]


def test_what_is_not_so_in_the_folder_is_never_written_over(restored):
    restored.lab.host(OTHER, "sh", "-c", "mkdir -p /srv/full; echo ours > /srv/full/file")
    said = restore(restored, "-e", "confirm=yes", to="/srv/full", code=2)
    assert "is not empty and holds something else" in said
    assert restored.lab.host(OTHER, "sh", "-c", "ls -A /srv/full; cat /srv/full/file").stdout == "file\nours\n"


def test_a_host_of_others_or_members_not_named_are_refused_before_anything(restored):
    assert "all members whom the host serves" in restore(restored, "-e", "confirm=yes", members="krokom", code=2)
    assert "whose data backup bookit is not" in restore(restored, "-e", "confirm=yes", host="are-srv-1", members="are,region-jh,ostersund,krokom", code=2)
    restored.play("restore-service.yml", "-e", "restore_backup=bookit", code=4)


def test_it_comes_back_from_the_disaster_sites_folder_with_the_hall_gone(restored):
    restored.hall("stop")
    restored.lab.fault("link-cut")
    restored.lab.host(OTHER, *ASK[:-2], "postgres", "--command", "DROP DATABASE IF EXISTS bookit")
    try:
        said = restore(restored, "-e", "confirm=yes", "-e", "restore_site=hall-are", to="/srv/gone", site="hall-are")
        assert f"RESTORED bookit on {OTHER}:/srv/gone" in said
        assert restored.lab.host(OTHER, *ASK, "SELECT count(*) FROM lan").stdout.strip() == "5000"
    finally:
        restored.lab.fault("link-cut", "off")
        restored.hall("start")
