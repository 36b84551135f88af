"""The walk on booted hosts: a target is set up from nothing, bookit is backed up by its playbook, pulled over the link by Åre, and drilled there with the hall gone."""

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
from tests.lab.labkit.authority import Authority

pytestmark = [pytest.mark.level("full")]
ROOT = Path(__file__).resolve().parents[2]
HOST, MEMBERS, STORAGE, DISASTER = "ost-lib-1", "ostersund,krokom", "hall-ops", "are-ops"
FILL = """mkdir -p /srv/bookit/lan; cd /srv/bookit; touch .mounted
for n in 1 2 3 4 5 6 7 8 9; do seq $n 9000 > lan/bok-$n; done
printf x > "$(printf 'lan/rad\\nbryt\\377')"
"""
CANARIES = {"ostersund/backup-key": "hall-key-canary", "ostersund/backup-key-disaster": "are-key-canary"}


@pytest.fixture(scope="module")
def joint(lab, tmp_path_factory):
    return make_joint(lab, tmp_path_factory.mktemp("joint"))


def make_joint(lab, folder, state=None, *, served=False):
    """The hall's target from nothing on its operations host, by playbook, the disaster site's a folder of the controller; data on the host.

    With `served` the disaster site's folder has a host too, with the endpoint that only reads it.
    """
    lab.lab("repo", "rclone", "restic")
    topology = json.loads((lab.directory / "topology.json").read_text())
    hall, are = (next(one for one in topology["hosts"] if one["id"] == name)[family] for name, family in ((STORAGE, "ipv4"), (DISASTER, "ipv6")))
    authority = Authority(folder / "tls")
    certificate, key = authority.issue("hall", [hall, are])
    for name, value in {**CANARIES, "hall/tls.key": key.read_text()}.items():
        path = folder / "secrets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value)
    shutil.copy(certificate, lab.inventory / "files" / "hall-tls.pem")
    shutil.copy(authority.certificate, lab.inventory / "files" / "backup-ca.pem")
    targets = [
        {"id": "hall", "site": "hall-ostersund", "role": "primary", "kind": "rest", "device": STORAGE, "path": "/srv/backup", "ca": "file:backup-ca.pem", "ballast": "8 MiB",
         "url": f"https://{hall}:8000", "pull_url": f"https://{hall}:8001", "certificate": "file:hall-tls.pem", "certificate_key": "file:hall/tls.key"},
        {"id": "disaster", "site": "hall-are", "role": "disaster", "kind": "local", "path": str(folder / "disaster"), "device": "are-backup-1",
         "pulls_from": "hall", "pull_credential": "file:disaster/pull"},
    ]  # fmt: skip
    if served:
        shown = {name: targets[0][name] for name in ("ca", "certificate", "certificate_key")}
        targets[1] |= {"device": DISASTER, "pull_url": f"https://[{are}]:8001", **shown}
    (lab.inventory / "backup-targets.yml").write_text(yaml.safe_dump({"backup-targets": targets}))
    lab.host(HOST, "sh", "-ec", FILL)
    joint = Joint(lab, folder, state)
    joint.set_up(hosts=f"{STORAGE},{DISASTER}" if served else STORAGE)
    return joint


class Joint:
    def __init__(self, lab, folder, state=None):
        self.lab, self.folder, self.state = lab, folder, state or folder / "state"
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
        shown = [name for name, secret in self.secrets().items() if secret in said]
        assert not shown, f"{playbook} shows {shown}"
        return said

    def samdrift(self, *arguments, site="", code=0):
        front = [sys.executable, "-m", "samdrift.cli", "--inventory", str(self.lab.inventory), "--output", "json", "backup"]
        done = self.lab.ctl(*self.environment, *front, *arguments, site=site, check=False)
        assert done.returncode == code, f"{arguments} ended with {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        return json.loads(done.stdout)["items"]

    def secrets(self):
        """Name → what must be shown nowhere: of a private key a line of its own."""
        found = {path.relative_to(self.folder / "secrets"): path.read_text() for path in (self.folder / "secrets").rglob("*") if path.is_file()}
        return {str(name): text.splitlines()[1 if text.startswith("-----") else 0] for name, text in found.items()}

    def set_up(self, *arguments, hosts=STORAGE, code=0):
        return self.play("set-up-backup-target.yml", "-e", "samdrift_members=all", "-e", "samdrift_change=C-1", "--limit", hosts, *arguments, code=code)

    def hall(self, what):
        """Start or stop the hall's endpoints."""
        self.lab.host(STORAGE, "systemctl", what, "samdrift-backup-hall-append", "samdrift-backup-hall-read")

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
    joint.hall("stop")
    joint.lab.fault("link-cut")
    try:
        joint.play("drill-restore.yml", "-e", f"samdrift_members={MEMBERS}", site="hall-are")
        (proof,) = joint.samdrift("proof", site="hall-are")
        assert (proof["passed"], proof["holds"], proof["site"], proof["files"], proof["mismatches"]) == (True, True, "hall-are", 11, [])
        (status,) = joint.samdrift("status", "bookit", site="hall-are")
        assert (status["status"], status["rpo_met"], status["rto_met"]) == ("ok", True, True)
    finally:
        joint.lab.fault("link-cut", "off")
        joint.hall("start")
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


def asked(joint, user, owner, path, method="GET", *, login=None, port=8000):
    """The status that the hall's endpoint answers with, asked as a host would."""
    script = "import sys; from samdrift.adapters.rest_repository import ask; print(ask(sys.argv[1], sys.argv[2], sys.argv[3], method=sys.argv[4], body=b'x' if sys.argv[4] == 'POST' else None).status)"
    word = joint.secrets()[login or f"{user}/backup"]
    (at,) = [one["ipv4"] for one in json.loads((joint.lab.directory / "topology.json").read_text())["hosts"] if one["id"] == STORAGE]
    return int(joint.lab.ctl(sys.executable, "-c", script, f"rest:https://{user}:{word}@{at}:{port}/{owner}/common/", path, str(joint.folder / "tls" / "ca.pem"), method).stdout)


def test_the_target_lets_each_owner_into_its_own_alone_and_lets_nobody_remove(joint):
    joint.samdrift("enrol", "ostersund", "--device", HOST, code=1)
    assert asked(joint, "ostersund", "ostersund", "config") == 200
    assert asked(joint, "krokom", "ostersund", "config") == 403
    assert asked(joint, "ostersund", "krokom", "config") == 403
    assert asked(joint, "krokom", "ostersund", "config", login="ostersund/backup") == 401
    assert asked(joint, "ostersund", "ostersund", "config", "DELETE") == 403
    assert asked(joint, "ostersund", "ostersund", "config", "POST") == 403
    assert asked(joint, "disaster", "ostersund", "config", login="disaster/pull", port=8001) == 200
    assert asked(joint, "disaster", "ostersund", "locks/" + "0" * 64, "POST", login="disaster/pull", port=8001) == 500
    assert asked(joint, "ostersund", "ostersund", "config", port=8001) == 401
    modes = joint.lab.host(STORAGE, "find", "/srv/backup", "-mindepth", "1", "-printf", "%u %m %y\n").stdout.split("\n")
    assert set(filter(None, modes)) <= {"samdrift-backup 700 d", "samdrift-backup 600 f"}


@pytest.mark.slow
def test_a_second_set_up_changes_nothing_and_what_is_not_declared_any_more_goes(joint):
    assert "changed=0" in joint.set_up("-vvv", "--diff")
    assert "changed=0" in joint.set_up("--check", "--diff")
    path = joint.lab.inventory / "backup-targets.yml"
    kept = path.read_text()
    document = yaml.safe_load(kept)
    hall = document["backup-targets"][0]
    hall["ballast"] = "4 MiB"
    del hall["pull_url"]
    path.write_text(yaml.safe_dump(document))
    try:
        joint.set_up()
        units = joint.lab.host(STORAGE, "systemctl", "list-unit-files", "--plain", "--no-legend", "samdrift-backup-*").stdout
        assert [line.split()[0] for line in units.splitlines()] == ["samdrift-backup-hall-append.service"]
        assert joint.lab.host(STORAGE, "stat", "-c", "%s", "/srv/backup/.ballast").stdout.strip() == str(4 * 2**20)
    finally:
        path.write_text(kept)
        joint.set_up()


@pytest.mark.slow
def test_what_a_killed_run_left_before_the_restart_is_put_into_force_by_the_next(joint):
    path = joint.lab.inventory / "files" / "hall-tls.pem"
    (at,) = [one["ipv4"] for one in json.loads((joint.lab.directory / "topology.json").read_text())["hosts"] if one["id"] == STORAGE]
    certificate, key = Authority(joint.folder / "tls").issue("renewed", [at])
    shutil.copy(certificate, path)
    (joint.folder / "secrets" / "hall" / "tls.key").write_text(key.read_text())
    for ending, text in (("pem", certificate.read_text()), ("key", key.read_text())):  # as a run leaves them that was killed here
        joint.lab.host(STORAGE, "sh", "-c", 'printf %s "$1" > /etc/samdrift-backup/hall-append.$2', "sh", text, ending)
    joint.set_up()
    shown = joint.lab.ctl(sys.executable, "-c", f"import ssl; print(ssl.get_server_certificate(({at!r}, 8000)))").stdout
    assert shown.split() == certificate.read_text().split()
    assert "changed=0" in joint.set_up()


@pytest.mark.slow
def test_a_certificate_that_no_client_would_take_is_not_put_into_force(joint):
    path = joint.lab.inventory / "files" / "hall-tls.pem"
    kept = path.read_text()
    Authority(joint.folder / "tls").issue("other", ["backup.other.example"])
    shutil.copy(joint.folder / "tls" / "other.pem", path)
    try:
        assert "a client would not take" in joint.set_up(code=2)
        assert asked(joint, "krokom", "ostersund", "config", login="ostersund/backup") == 401  # it answers as before
    finally:
        path.write_text(kept)


def test_the_playbook_without_its_members_ends_with_4_before_any_task(joint):
    joint.play("back-up-hosts.yml", "--limit", HOST, code=4)
    joint.play("set-up-backup-target.yml", "-e", "samdrift_members=all", code=4)
    joint.play("drill-restore.yml", code=4)
