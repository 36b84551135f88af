"""site.yml and harden-hosts.yml on booted hosts: C1, C2, the self-rollback, the guard and the audit record (playbooks.md)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.labkit.testing import TestLab
from tests.lab.labkit.waiting import wait_for

pytestmark = [pytest.mark.level("full")]
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
V4_HOST, V6_HOST = "ost-lib-1", "are-srv-1"
MEMBERS = "are,ostersund,krokom"
SKIPPED = (
    "/var/log",
    "/tmp",
    "/var/tmp",
    "/run",
    "/root/.ansible",
    "/home/drift/.ansible",
    "/var/lib/systemd",
    "/var/lib/sudo",
    "/etc/machine-id",
    "/proc",
    "/sys",
    "/dev",
)


class Controller:
    def __init__(self, lab, folder):
        self.lab, self.state = lab, folder / "state"

    def run(self, program, *arguments, code=0):
        ssh = self.lab.directory / "ssh"
        environment = [
            "env", f"SAMDRIFT_STORE={self.state}", f"ANSIBLE_CONFIG={ROOT / 'ansible.cfg'}", "ANSIBLE_FORCE_COLOR=0",
            f"ANSIBLE_SSH_CONTROL_PATH_DIR={self.lab.directory / 'cp'}",  # two labs have the same addresses: no socket of the other may serve
            f"ANSIBLE_SSH_ARGS=-o ControlMaster=auto -o ControlPersist=30s -o StrictHostKeyChecking=yes -o UserKnownHostsFile={ssh / 'known_hosts'}",
        ]  # fmt: skip
        command = [
            *environment,
            str(BIN / program),
            "-i",
            str(self.lab.inventory / "samdrift.yml"),
            f"--private-key={ssh / 'id_ed25519'}",
            *arguments,
        ]
        done = self.lab.ctl(*command, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == code, (
            f"{program} {arguments} ended with {done.returncode}, expected {code}:\n{said[-5000:]}"
        )
        return said

    def play(self, name, *arguments, members=MEMBERS, limit=f"{V4_HOST},{V6_HOST}", code=0):
        named = ["-e", f"samdrift_members={members}"] if members else []
        return self.run(
            "ansible-playbook",
            str(ROOT / "playbooks" / name),
            *named,
            *(["--limit", limit] if limit else []),
            *arguments,
            code=code,
        )

    def audit(self):
        done = subprocess.run(
            [str(BIN / "python"), "-m", "samdrift.cli", "--store", str(self.state), "--output", "json", "audit", "export"], capture_output=True, text=True, check=False, cwd=ROOT
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["items"]


@pytest.fixture(scope="module")
def controller(lab, tmp_path_factory):
    return Controller(lab, tmp_path_factory.mktemp("controller"))


def recap(said):
    """host → {ok, changed, failed, unreachable} of the last lines."""
    lines = said.partition("PLAY RECAP")[2].splitlines()
    return {
        line.split(":")[0].strip(): {
            key: int(value) for key, value in (word.split("=") for word in line.split(":")[1].split())
        }
        for line in lines
        if "ok=" in line
    }


def changed(said):
    return {host: numbers["changed"] for host, numbers in recap(said).items()}


def disk(lab, host):
    """Every file and link of the host's own disk with its content's digest, but for logs and temporary folders."""
    prune = " -o ".join(f"-path {path}" for path in SKIPPED)
    listing = lab.host(
        host,
        "sh",
        "-c",
        f"find / -xdev \\( {prune} \\) -prune -o \\( -type f -o -type l \\) -printf '%p %m %u %l\\n' | sort; find /etc /usr/local -xdev -type f -exec sha256sum {{}} + | sort",
    )
    return listing.stdout


@pytest.fixture
def fresh(tmp_path):
    """A lab of its own, whose hosts no playbook has touched."""
    made = TestLab(f"f-{os.getpid()}")
    made.down()
    made.up("--hosts", "4")
    try:
        yield Controller(made, tmp_path)
    finally:
        made.down()


def test_check_on_a_fresh_host_ends_well_and_leaves_its_disk_as_it_was(fresh):
    before = {host: disk(fresh.lab, host) for host in (V4_HOST, V6_HOST)}
    said = fresh.play("site.yml", "--check", "--diff")
    assert all(number > 0 for number in changed(said).values()), said[-1500:]
    assert {host: disk(fresh.lab, host) for host in (V4_HOST, V6_HOST)} == before


def test_a_second_run_changes_nothing_nor_does_a_check(controller):
    first = controller.play("site.yml")
    assert set(changed(first)) == {V4_HOST, V6_HOST}
    assert all(sum(numbers[key] for key in ("ok", "skipped")) <= 25 for numbers in recap(first).values()), first[-800:]
    assert changed(controller.play("site.yml")) == {V4_HOST: 0, V6_HOST: 0}
    assert changed(controller.play("site.yml", "--check", "--diff")) == {V4_HOST: 0, V6_HOST: 0}


def test_settings_that_lock_out_are_taken_away_by_the_host_itself(lab, controller):
    show = ("sh", "-c", "cat /etc/ssh/sshd_config.d/00-samdrift.conf 2>/dev/null || true")
    good = lab.host(V6_HOST, *show).stdout
    locked = json.dumps({"hardening_sshd_extra": ["AllowUsers nobody"], "hardening_trial_seconds": 10})
    controller.play("harden-hosts.yml", "-e", locked, limit=V6_HOST, code=2)
    wait_for("the host to take its settings away", lambda: lab.host(V6_HOST, *show).stdout == good, 30, 0.5)
    controller.play("harden-hosts.yml", limit=V6_HOST)


def test_a_line_that_sshd_does_not_know_is_refused_before_it_is_in_force(lab, controller):
    before = lab.host(V6_HOST, "sh", "-c", "cat /etc/ssh/sshd_config.d/00-samdrift.conf 2>/dev/null || true").stdout
    controller.play(
        "harden-hosts.yml", "-e", json.dumps({"hardening_sshd_extra": ["Nonsense yes"]}), limit=V6_HOST, code=2
    )
    assert (
        lab.host(V6_HOST, "sh", "-c", "cat /etc/ssh/sshd_config.d/00-samdrift.conf 2>/dev/null || true").stdout
        == before
    )


@pytest.mark.parametrize("way", [(), ("--start-at-task", "Set the host's own name"), ("--skip-tags", "always")])
def test_without_members_named_no_task_runs(controller, way):
    said = controller.play("site.yml", *way, members=None, limit=V6_HOST, code=4)
    assert "samdrift_members is not set" in said
    assert "TASK" not in said


def test_where_the_callback_is_missing_the_playbook_itself_still_refuses(controller):
    done = controller.lab.ctl(
        "env", f"ANSIBLE_CONFIG={ROOT / 'ansible.cfg'}", "ANSIBLE_CALLBACK_PLUGINS=/nonexistent", str(BIN / "ansible-playbook"),
        "-i", str(controller.lab.inventory / "samdrift.yml"), str(ROOT / "playbooks" / "site.yml"), check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stdout + done.stderr
    assert "TASK" not in done.stdout


def test_a_shared_host_needs_all_its_members_and_all_needs_a_change_id(controller):
    said = controller.run(
        "ansible-playbook",
        str(ROOT / "tests/lab/data/every-host.yml"),
        "-e",
        "samdrift_members=ostersund",
        "--limit",
        V4_HOST,
        code=4,
    )
    assert "also serves krokom" in said
    assert "change id" in controller.play("site.yml", members="all", code=4)
    assert "did you mean 'are'" in controller.play("site.yml", members="ar", code=4)


def test_ad_hoc_ansible_is_guarded_too(controller):
    assert "samdrift_members is not set" in controller.run("ansible", V6_HOST, "-m", "ansible.builtin.ping", code=4)
    assert "SUCCESS" in controller.run(
        "ansible", V6_HOST, "-m", "ansible.builtin.ping", "-e", "samdrift_members=are", code=0
    )


def test_every_run_has_its_start_and_end_and_every_refusal_stands_in_the_chain(controller):
    controller.play("prepare-hosts.yml", limit=V6_HOST)
    controller.play("prepare-hosts.yml", members=None, code=4)
    entries = controller.audit()
    verbs = [entry["verb"] for entry in entries]
    assert {"play-start", "play-end", "play-refused"} <= set(verbs)
    start = next(entry for entry in reversed(entries) if entry["verb"] == "play-start")["after"]
    assert start["playbook"] == "prepare-hosts.yml"
    assert start["hosts"] == [V6_HOST]
    assert "samdrift_members" in start["extra_variables"]
    end = next(entry for entry in reversed(entries) if entry["verb"] == "play-end")["after"]
    assert end["hosts"][V6_HOST]["failed"] == 0


def test_when_the_record_cannot_be_written_nothing_runs(lab, controller, tmp_path):
    blocked = tmp_path / "state"
    blocked.write_text("a file where the state folder should be")
    kept, controller.state = controller.state, blocked
    try:
        said = controller.play("site.yml", limit=V6_HOST, code=4)
    finally:
        controller.state = kept
    assert "TASK" not in said
