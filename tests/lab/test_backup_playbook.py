"""The walk on booted hosts: bookit is backed up by its playbook, pulled over the link by Åre, and drilled there with the hall gone."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from samdrift.model.viewer import OPERATIONS
from samdrift.operations.open_store import open_store
from samdrift.store import audit

pytestmark = [pytest.mark.level("full")]
ROOT = Path(__file__).resolve().parents[2]
HOST, MEMBERS = "ost-lib-1", "ostersund,krokom"
FILL = """mkdir -p /srv/bookit/lan; cd /srv/bookit; touch .mounted
for n in 1 2 3 4 5 6 7 8 9; do seq $n 9000 > lan/bok-$n; done
printf x > "$(printf 'lan/rad\\nbryt\\377')"
"""
CANARIES = {"ostersund/backup-key": "hall-key-canary", "ostersund/backup-key-disaster": "are-key-canary"}


@pytest.fixture(scope="module")
def joint(lab, tmp_path_factory):
    return make_joint(lab, tmp_path_factory.mktemp("joint"))


def make_joint(lab, folder):
    """The lab's inventory with the hall's target on its operations host and the disaster site's a folder; data on the host."""
    lab.part("backup")
    part = lab.directory / "parts" / "backup"
    told = json.loads((part / "secrets.json").read_text())
    topology = json.loads((lab.directory / "topology.json").read_text())
    hall = next(one for one in topology["hosts"] if one["id"] == "hall-ops")["ipv4"]
    for name, value in {**CANARIES, "ostersund/backup": told["ostersund"], "disaster/pull": f"pull:{told['pull']}"}.items():
        path = folder / "secrets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value)
    (certificate,) = [path for path in (part / "tls").glob("*.pem") if "target" not in path.name]
    shutil.copy(certificate, lab.inventory / "files" / "backup-ca.pem")
    targets = [
        {"id": "hall", "site": "hall-ostersund", "role": "primary", "kind": "rest", "device": "hall-backup-1", "ca": "file:backup-ca.pem",
         "url": f"https://{hall}:8000", "pull_url": f"https://{hall}:8001"},
        {"id": "disaster", "site": "hall-are", "role": "disaster", "kind": "local", "path": str(folder / "disaster"), "device": "are-backup-1",
         "pulls_from": "hall", "pull_credential": "file:disaster/pull"},
    ]  # fmt: skip
    (lab.inventory / "backup-targets.yml").write_text(yaml.safe_dump({"backup-targets": targets}))
    lab.host(HOST, "sh", "-ec", FILL)
    return Joint(lab, folder)


class Joint:
    def __init__(self, lab, folder):
        self.lab, self.folder, self.state = lab, folder, folder / "state"
        self.environment = ["env", f"SAMDRIFT_STORE={self.state}", f"SAMDRIFT_SECRETS={folder / 'secrets'}", f"ANSIBLE_CONFIG={ROOT / 'ansible.cfg'}", f"HOME={folder}"]

    def play(self, playbook, *arguments, site="", code=0):
        ssh = self.lab.directory / "ssh"
        command = [
            str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(self.lab.inventory / "samdrift.yml"), f"--private-key={ssh / 'id_ed25519'}",
            f"--ssh-common-args=-o UserKnownHostsFile={ssh / 'known_hosts'} -o ControlPath=none", str(ROOT / "playbooks" / playbook), *arguments,
        ]  # fmt: skip
        done = self.lab.ctl(*self.environment, *command, site=site, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == code, f"{playbook} ended with {done.returncode}:\n{said[-6000:]}"
        assert not [secret for secret in [*CANARIES.values(), "-lab-only"] if secret in said], "a secret is shown"
        return said

    def samdrift(self, *arguments, site="", code=0):
        front = [sys.executable, "-m", "samdrift.cli", "--inventory", str(self.lab.inventory), "--output", "json", "backup"]
        done = self.lab.ctl(*self.environment, *front, *arguments, site=site, check=False)
        assert done.returncode == code, f"{arguments} ended with {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        return json.loads(done.stdout)["items"]

    def back_up(self, *arguments, code=0):
        return self.play("back-up-hosts.yml", "-e", f"samdrift_members={MEMBERS}", "--limit", HOST, *arguments, code=code)


def test_a_service_is_backed_up_by_playbook_pulled_and_drilled_with_the_hall_gone(joint):
    joint.samdrift("enrol", "ostersund", "--device", HOST, code=1)  # 1: the health record's key is a vault reference
    said = joint.back_up("-vvv", "--diff")
    assert "failed=0" in said
    with open_store(joint.state) as store, store.read() as connection:
        from samdrift.store import backups

        (run,) = backups.runs(connection, viewer=OPERATIONS, backups=["bookit"])
    assert (run.outcome.value, run.reasons, run.files, run.not_comparable) == ("ok", (), 11, ())
    second = joint.back_up()
    assert "changed=0" in second
    (copied,) = joint.samdrift("copy", "bookit", "--device", "are-backup-1", site="hall-are")
    assert (copied["outcome"], copied["copied"]) == ("ok", 2)
    joint.lab.part("backup", "stop")
    joint.lab.fault("link-cut")
    try:
        joint.play("drill-restore.yml", "-e", f"samdrift_members={MEMBERS}", site="hall-are")
        (proof,) = joint.samdrift("proof", site="hall-are")
        assert (proof["passed"], proof["holds"], proof["site"], proof["files"], proof["mismatches"]) == (True, True, "hall-are", 11, [])
        (status,) = joint.samdrift("status", "bookit", site="hall-are")
        assert (status["status"], status["rpo_met"], status["rto_met"]) == ("ok", True, True)
    finally:
        joint.lab.fault("link-cut", "off")
        joint.lab.part("backup")
    with open_store(joint.state) as store, store.read() as connection:
        assert audit.verify(connection).whole
        assert [entry.plain["object"] for entry in audit.entries(connection, viewer=OPERATIONS) if entry.plain["verb"] == "drill"] == [f"backup:bookit/{proof['id']}"]


@pytest.mark.slow
def test_an_unmounted_source_fails_the_playbook_and_a_check_run_changes_nothing(joint):
    joint.lab.host(HOST, "mv", "/srv/bookit/.mounted", "/srv/bookit/.away")
    try:
        said = joint.back_up(code=2)
        assert "source-empty" in said
    finally:
        joint.lab.host(HOST, "mv", "/srv/bookit/.away", "/srv/bookit/.mounted")
    assert "changed=0" in joint.back_up("--check", "--diff")


def test_a_check_run_on_a_fresh_host_leaves_it_as_it_was(joint):
    joint.play("back-up-hosts.yml", "-e", "samdrift_members=are", "--limit", "are-srv-1", "--check", "--diff")
    left = joint.lab.host("are-srv-1", "find", "/usr/local/lib/samdrift-backup.pyz", "/var/lib/samdrift-backup", check=False).stdout
    assert left == ""


def test_the_playbook_without_its_members_ends_with_4_before_any_task(joint):
    joint.play("back-up-hosts.yml", "--limit", HOST, code=4)
    joint.play("drill-restore.yml", code=4)
