"""Network devices on real ssh: read whole or refused, kept in git by owner, keys strict, no secret told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from samdrift.adapters import git
from samdrift.adapters.limits import NETWORK
from samdrift.adapters.ssh import fingerprint
from samdrift.model.network_backup import NetworkReason, NetworkStatus
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.store import open_store, runs
from tests.lab.labkit.place import Place
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.network_place import NetworkPlace
from tests.lab.parts.devices import Device, Devices, make_key
from tests.lab.parts.router import Router

pytestmark = pytest.mark.level("bare")

LINES = tuple(line for n in range(1, 25) for line in (f"interface GigabitEthernet1/0/{n}", f" description port {n}", " switchport mode access"))
CHANGED, UNCHANGED, FAILED, UNDETERMINED = NetworkStatus.CHANGED, NetworkStatus.UNCHANGED, NetworkStatus.FAILED, NetworkStatus.UNDETERMINED


@pytest.fixture
def place(tmp_path):
    return NetworkPlace(tmp_path / "place")


@pytest.fixture
def switches(tmp_path):
    """sw-1 and sw-2, each with an address of its own."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(Devices(tmp_path / name, Place(ipv4=f"127.0.0.{n}"), devices=[Device(name, name, lines=LINES)]))
            for n, name in enumerate(("sw-1", "sw-2"), 21)
        }


def declare(place, switches, **more):
    """An inventory of the simulated devices, at their addresses and ports."""
    told = {}
    for name, part in switches.items():
        host, port = part.address(name)
        usual = {"host_keys": [part.host_key], "addresses": {"management": {"ipv4": host}}, "vars": {"ssh_port": port}}
        told[name] = {**usual, **more.get(name.replace("-", "_"), {})}
    place.write(told)


def look(row):
    return row.status, row.reason


def test_a_configuration_is_kept_once_and_each_change_is_one_commit(place, switches):
    declare(place, switches, sw_2={"shared_by": ["are", "berg"]})
    first = place.back_up()
    assert {name: look(row) for name, row in first.items()} == {"sw-1": (CHANGED, None), "sw-2": (CHANGED, None)}, first
    assert {name: look(row)[0] for name, row in place.back_up().items()} == {"sw-1": UNCHANGED, "sw-2": UNCHANGED}
    switches["sw-1"].change("sw-1", lines=(*LINES, "ntp server 192.0.2.1"))
    assert {name: look(row)[0] for name, row in place.back_up().items()} == {"sw-1": CHANGED, "sw-2": UNCHANGED}
    are, shared = place.state / "network" / "are.git", place.state / "network" / "shared.git"
    assert [one.subject for one in git.history(are, "sw-1/running.txt")] == ["sw-1: 1 added, 0 removed", "sw-1: first text"]
    assert len(git.history(shared, "sw-2/running.txt")) == 1
    assert git.read_text(are, "sw-2/running.txt") is None
    text = git.read_text(are, "sw-1/running.txt")
    assert "enable secret <redacted>" in text
    assert "q1w2e3r4" not in text


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("cut", (FAILED, NetworkReason.PROMPT_MISSING)),
        ("no-end", (FAILED, NetworkReason.END_MISSING)),
        ("other-name", (FAILED, NetworkReason.OTHER_NAME)),
        ("wrong-password", (UNDETERMINED, NetworkReason.LOGIN_REFUSED)),
        ("re-salted", (UNCHANGED, None)),
        ("slow", (UNCHANGED, None)),
    ],
)
def test_a_device_with_a_fault_leaves_the_kept_text_as_it_was(place, switches, fault, expected):
    declare(place, switches)
    kept = place.back_up(devices=["sw-1"])["sw-1"]
    switches["sw-1"].change("sw-1", fault=fault)
    row = place.back_up(devices=["sw-1"])["sw-1"]
    assert look(row) == expected, row
    assert (row.commit, row.size_bytes) == (kept.commit, kept.size_bytes)
    assert row.last_success_at == (kept.last_success_at if row.reason else row.observed_at)


def test_a_hung_device_costs_its_own_limit_and_no_others(place, switches):
    declare(place, switches)
    switches["sw-1"].change("sw-1", fault="hung")
    started, done = time.monotonic(), {}
    rows = place.back_up(told=lambda row: done.setdefault(row.device, time.monotonic() - started))
    assert (look(rows["sw-1"]), look(rows["sw-2"])) == ((UNDETERMINED, NetworkReason.TIMEOUT), (CHANGED, None)), rows
    assert done["sw-2"] < 10 < NETWORK["network-device"].read_s <= done["sw-1"] < 30


def test_a_deadline_ends_a_session_that_goes_on(place, switches):
    declare(place, switches)
    switches["sw-1"].change("sw-1", fault="slow", lines=LINES * 4)
    started = time.monotonic()
    row = place.back_up(devices=["sw-1"], deadline_s=4)["sw-1"]
    assert look(row) == (UNDETERMINED, NetworkReason.TIMEOUT), row
    assert time.monotonic() - started < 8


def test_a_much_smaller_text_is_kept_only_when_two_sessions_give_it(place, switches):
    declare(place, switches)
    before = place.back_up(devices=["sw-1"])["sw-1"]
    switches["sw-1"].change("sw-1", lines=LINES[:6])
    row = place.back_up(devices=["sw-1"])["sw-1"]
    assert look(row) == (CHANGED, None), row
    assert row.size_bytes * 100 < before.size_bytes * 70
    assert switches["sw-1"].commands("sw-1").count("show running-config") == 3


def test_another_host_key_is_its_own_reason_and_no_credential_is_sent(place, switches, tmp_path):
    other = make_key(tmp_path / "other").with_suffix(".pub").read_text().split()
    declare(place, switches, sw_1={"host_keys": [" ".join(other[:2])]})
    with Overhearing(switches["sw-1"].address("sw-1")) as heard:
        declare(place, switches, sw_1={"host_keys": [" ".join(other[:2])], "vars": {"ssh_port": heard.port}})
        rows = place.back_up()
    assert (look(rows["sw-1"]), look(rows["sw-2"])) == ((UNDETERMINED, NetworkReason.HOST_KEY_CHANGED), (CHANGED, None)), rows
    assert fingerprint(switches["sw-1"].host_key) in rows["sw-1"].message
    assert fingerprint(" ".join(other[:2])) in rows["sw-1"].message
    assert heard.connections == 1
    assert NEWKEYS in heard.sent[-1]
    said = samdrift(place, "network", "backup", "--output", "json")
    assert (said.returncode, "lab-only" in said.stdout + said.stderr) == (3, False), said.stderr


def test_what_answers_nowhere_or_has_no_login_is_undetermined(place, switches):
    declare(place, switches, sw_1={"addresses": {"management": {"ipv4": "127.0.0.99"}}}, sw_2={"credentials": "vault:are/switch"})
    rows = place.back_up()
    assert (look(rows["sw-1"]), look(rows["sw-2"])) == ((UNDETERMINED, NetworkReason.UNREACHABLE), (UNDETERMINED, NetworkReason.NO_CREDENTIALS)), rows


def test_no_secret_is_told_however_much_is_asked_and_a_member_reads_its_own(place, switches):
    declare(place, switches, sw_2={"owner": "berg"})
    said = samdrift(place, "network", "backup", "-vvv")
    assert said.returncode == 0, said.stderr
    assert not any(word in said.stdout + said.stderr for word in ("lab-only", "lab-enable", "q1w2e3r4"))
    switches["sw-1"].change("sw-1", lines=(*LINES, "ntp server 192.0.2.1"))
    assert samdrift(place, "network", "backup", "--device", "sw-1").returncode == 0
    shown = samdrift(place, "network", "diff", "sw-1")
    assert "\n+ntp server 192.0.2.1\n" in shown.stdout, shown.stderr
    seen = json.loads(samdrift(place, "network", "status", "--as", "berg", "--output", "json").stdout)
    assert [(row["device"], row["status"]) for row in seen["items"]] == [("sw-2", "changed")]
    assert samdrift(place, "network", "diff", "sw-1", "--as", "berg").returncode == 2
    assert samdrift(place, "network", "diff", "sw-2", "--as", "berg").returncode == 0
    assert samdrift(place, "network", "backup", "--as", "berg").returncode == 2


@pytest.mark.level("plain")
def test_a_real_router_is_read_and_its_change_shown(place, tmp_path):
    config = "frr defaults traditional\npassword zebra-pw\nip route 10.99.0.0/16 blackhole\n"
    with Yard(tmp_path / "yard") as yard, Router(tmp_path / "router", yard.place, hostname="rt-1", config=config) as router:
        place.write({"rt-1": {"kind": "router", "platform": "frr", "enable": None, "host_keys": [router.host_key], "addresses": {"management": {"ipv4": "127.0.0.1"}}}})
        first = samdrift(place, "network", "backup", "--output", "json", yard=yard)
        assert first.returncode == 0, first.stdout + first.stderr
        again = json.loads(samdrift(place, "network", "backup", "--output", "json", yard=yard).stdout)
        assert [row["status"] for row in json.loads(first.stdout)["items"] + again["items"]] == ["changed", "unchanged"]
        subprocess.run(router.command(["vtysh", "-c", "configure", "-c", "ip route 10.98.0.0/16 blackhole"]), check=True, timeout=20, capture_output=True)
        assert json.loads(samdrift(place, "network", "backup", "--output", "json", yard=yard).stdout)["items"][0]["status"] == "changed"
    shown = samdrift(place, "network", "diff", "rt-1").stdout
    assert "\n+ip route 10.98.0.0/16 blackhole\n" in shown
    assert "zebra-pw" not in shown
    assert "password <redacted>" in git.read_text(place.state / "network" / "are.git", "rt-1/running.txt")


def test_an_interrupted_run_ends_at_once_and_says_so_in_the_ledger(place, switches):
    declare(place, switches)
    switches["sw-1"].change("sw-1", fault="hung")
    command = [sys.executable, "-m", "samdrift.cli", "network", "backup"]
    with subprocess.Popen(command, env=os.environ | place.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        wait_for("the command to the hung device", lambda: "show running-config" in switches["sw-1"].commands("sw-1"), 20)
        asked = time.monotonic()
        started.send_signal(signal.SIGINT)
        said = started.communicate(timeout=60)
    assert (started.returncode, time.monotonic() - asked < NETWORK["network-device"].total_s / 3) == (130, True), said
    with open_store(place.state) as store, store.read() as connection:
        (run,) = runs.list_runs(connection, viewer=OPERATIONS, job="back-up-network")
    assert run.outcome is Outcome.INTERRUPTED


def samdrift(place, *arguments, yard=None):
    """The command line in a process of its own, in the yard's network where one is given."""
    command = [sys.executable, "-m", "samdrift.cli", *arguments]
    environment = os.environ | place.environment()
    if yard is not None:
        return yard.run(command, env=environment)
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


NEWKEYS = b"\x00\x00\x00\x0c\x0a\x15"
"""The packet with which ssh turns to encryption: length, padding, SSH_MSG_NEWKEYS."""


class Overhearing:
    """A relay that keeps what clients send, so that a test can see that nothing follows the key exchange."""

    def __init__(self, target):
        self.target, self.sent, self.connections = target, [], 0

    def __enter__(self):
        self._door = socket.create_server((self.target[0], 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._door.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self.target)
            threading.Thread(target=self._pass, args=(server, client, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(client, server, self.sent), daemon=True).start()

    @staticmethod
    def _pass(source, sink, kept):
        with suppress(OSError), source:
            while part := source.recv(65_536):
                if kept is not None:
                    kept.append(part)
                sink.sendall(part)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


def test_the_playbook_reads_the_devices_of_the_members_named_and_says_what_changed(place, switches):
    declare(place, switches, sw_2={"owner": "berg"})
    first, again = play(place, "-e", "samdrift_members=are"), play(place, "-e", "samdrift_members=are")
    assert (first.returncode, again.returncode) == (0, 0), first.stdout + first.stderr + again.stdout + again.stderr
    assert ("changed=1" in first.stdout, "changed=0" in again.stdout) == (True, True)
    assert not switches["sw-2"].commands("sw-2")
    assert "lab-only" not in first.stdout + first.stderr
    assert play(place).returncode not in {0, 2}
    switches["sw-1"].change("sw-1", fault="no-end")
    assert play(place, "-e", "samdrift_members=are").returncode == 2


def play(place, *arguments):
    """The playbook, run plainly."""
    root = Path(__file__).resolve().parents[2]
    command = [Path(sys.executable).parent / "ansible-playbook", "-i", place.folder / "inventory" / "samdrift.yml", root / "playbooks" / "back-up-network.yml", "-vv", *arguments]
    environment = os.environ | place.environment() | {"ANSIBLE_CONFIG": str(root / "ansible.cfg"), "HOME": str(place.folder)}
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, env=environment, cwd=root)


@pytest.mark.level("full")
def test_the_labs_routers_and_switch_are_read_with_the_inventory_it_hands_over(lab, tmp_path):
    lab.part("switch")
    place = NetworkPlace(tmp_path / "place")
    environment = place.environment() | {"SAMDRIFT_INVENTORY": str(lab.inventory), "SAMDRIFT_SECRETS": str(lab.directory / "secrets")}
    front = ["env", *(f"{name}={value}" for name, value in environment.items()), sys.executable, "-m", "samdrift.cli", "network"]
    done = lab.ctl(*front, "backup", "--output", "json", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)["items"]
    assert {(row["device"], row["status"]) for row in rows} >= {("sw-a1-1", "changed"), ("rt-are-1", "changed")}, rows
