"""A restore onto another host without a playbook: plan, job, the agent's own act at a real append-only endpoint, and the comparison here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samdrift.model.viewer import OPERATIONS
from samdrift.operations.build_backup_agent import build_backup_agent
from samdrift.store import audit, open_store
from tests.lab.backup_walk import USERS, JointBackup
from tests.lab.parts.backup import BackupTarget

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
OTHER = "ost-lib-2"


@pytest.fixture(scope="module")
def joint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    with BackupTarget(folder / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        made = JointBackup(folder, target).make().enrol()
        made.back_up()
        build_backup_agent(folder / "agent.pyz")
        yield made


def where(joint, name):
    return ("bookit", "--device", OTHER, "--to", str(joint.folder / name))


def carried(joint, name):
    """What the host's agent tells of the job that is handed out now."""
    job = json.loads(joint.here("hand-out-restore", *where(joint, name)).stdout) | {"state": str(joint.folder / "host")}
    ended = subprocess.run([sys.executable, "-I", "-S", str(joint.folder / "agent.pyz"), "restore"], input=json.dumps(job), capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert not [secret for secret in joint.secrets.values() if secret in ended.stdout + ended.stderr]
    return json.loads(ended.stdout)


def taken_back(joint, name, told):
    return subprocess.run(
        joint.command("take-back-restore", *where(joint, name), "--found", told["found"]), input=json.dumps(told), capture_output=True, text=True, env=joint.environment(), timeout=120, check=False
    )  # fmt: skip


def test_the_plan_tells_files_and_bytes_of_the_manifest_and_audits_nothing(joint):
    (plan,) = joint.run("hand-out-restore", *where(joint, "planned"), "--dry-run")
    files = [path for path in joint.source.rglob("*") if path.is_file() and not path.is_symlink()]
    assert (plan["files"], plan["size_bytes"]) == (len(files), sum(path.stat().st_size for path in files))
    assert (plan["host"], plan["site"], plan["databases"]) == (OTHER, "hall-ostersund", [])
    assert not (joint.folder / "planned").exists()


def test_every_kind_of_name_comes_back_and_is_compared(joint):
    told = carried(joint, "back")
    ended = taken_back(joint, "back", told)
    (item,) = json.loads(ended.stdout)["items"]
    assert (ended.returncode, item["status"], item["mismatches"], item["missing"], item["surplus"]) == (0, "ok", [], [], [])
    assert item["files"] >= 48
    again = carried(joint, "back")
    assert (again["restored"], taken_back(joint, "back", again).returncode) == (False, 0)
    with open_store(joint.state) as store, store.read() as connection:
        written = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS)]
    assert [entry["verb"] for entry in written if (entry.get("after") or {}).get("to") == str(joint.folder / "back")] == ["restore", "restored", "restore"]


def test_what_differs_on_the_host_is_told_and_what_stands_there_refused(joint):
    told = carried(joint, "changed")
    found = Path(told["found"])
    kept = found.read_bytes()
    found.write_bytes(b"".join(line for line in kept.splitlines(keepends=True) if b"bok-07" not in line))
    ended = taken_back(joint, "changed", told)
    assert (ended.returncode, [path.rsplit("/", 1)[1] for path in json.loads(ended.stdout)["items"][0]["missing"]]) == (1, ["bok-07.txt"])
    refused = taken_back(joint, "changed", told | {"restored": False})
    assert (refused.returncode, "holds something else" in refused.stderr) == (2, True)
    found.write_bytes(b"no manifest")
    garbled = taken_back(joint, "changed", told)
    assert (garbled.returncode, "Traceback" in garbled.stderr) == (2, False)
    assert taken_back(joint, "changed", told | {"snapshot": "0" * 64}).returncode == 2


@pytest.mark.parametrize(
    ("device", "to", "more", "said"),
    [
        ("are-srv-1", "/srv/back", (), "whose data backup bookit is not"),
        ("no-such", "/srv/back", (), "unknown"),
        (OTHER, "back", (), "is no absolute folder"),
        (OTHER, "/srv/../back", (), "is no absolute folder"),
        (OTHER, "/srv/back", ("--site", "hall-are"), "cannot reach the folder of disaster"),
        (OTHER, "/srv/back", ("--snapshot", "f" * 64), "unknown"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(joint, device, to, more, said):
    ended = joint.here("hand-out-restore", "bookit", "--device", device, "--to", to, "--dry-run", *more)
    assert (ended.returncode, said in ended.stderr, "Traceback" in ended.stderr) == (2, True, False), ended.stderr


@pytest.mark.level("plain")
def test_root_is_refused_where_the_folder_is_another_users_who_could_not_read_what_root_writes(joint):
    joint.disaster.mkdir(exist_ok=True)
    os.chown(joint.disaster, 65534, 65534)
    ended = joint.here("copy", "bookit", "--device", "are-backup-1")
    assert (ended.returncode, "belongs to nobody" in ended.stderr, list(joint.disaster.iterdir())) == (2, True, [])
    os.chown(joint.disaster, 0, 0)
    assert joint.copy()["outcome"] == "ok"
