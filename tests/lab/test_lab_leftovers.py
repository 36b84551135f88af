"""Nothing of a lab remains: after down, and after the lab itself was killed in the midst of up."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.labkit import cgroups
from tests.lab.labkit.roof import LAB
from tests.lab.labkit.testing import TestLab
from tests.lab.labkit.waiting import wait_for

pytestmark = pytest.mark.level("full")
SHOWN = (["ip", "-brief", "address"], ["ip", "route"], ["ip", "-6", "route"], ["ip", "netns"], ["nft", "list", "ruleset"])


@pytest.fixture
def one() -> Iterator[TestLab]:
    made = TestLab(f"left-{os.getpid()}")
    yield made
    made.down()


def machine() -> list[str]:
    return [subprocess.run(c, capture_output=True, text=True, check=False, timeout=20).stdout for c in SHOWN]


def remains(lab: TestLab) -> list[str]:
    """Processes, mounts, groups, folders and locks that are this lab's."""
    found = [f"mount {line}" for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(lab.directory) in line]
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                words = (process / "cmdline").read_bytes().decode(errors="replace") + (process / "environ").read_bytes().decode(errors="replace")
                groups = (process / "cgroup").read_text()
            except OSError:
                continue
            if str(lab.directory) in words or f"samdrift-lab-{lab.name}" in groups + words:
                found.append(f"process {process.name} {words[:200]!r}")
    found += [f"group {folder}" for folder in cgroups.left(lab.name)]
    beside = (lab.directory, lab.directory.parent / f".{lab.name}.lock")
    return found + [f"path {path}" for path in beside if path.exists()]


def test_nothing_remains_after_down_with_parts_and_faults_left_on(one: TestLab) -> None:
    before = machine()
    one.up("--hosts", "4")
    for part in ("receiver", "dns", "backup", "ups-a"):
        one.part(part)
    one.fault("link-cut")
    assert len(remains(one)) > 10
    one.down()
    assert remains(one) == []
    assert machine() == before


@pytest.mark.parametrize("sign", ["roof.ready", "hosts/hall-ops/hall-ops.pid", "hosts/are-srv-1/are-srv-1.pid", "ssh/known_hosts"])
def test_down_clears_what_a_lab_killed_in_the_midst_of_up_left(one: TestLab, sign: str) -> None:
    before = machine()
    starting = subprocess.Popen([str(LAB), "up", "--hosts", "4"], env=one.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(f"up has come to {sign}", lambda: (one.directory / sign).exists() or starting.poll() is not None, 60, 0.002)
    starting.send_signal(signal.SIGKILL)
    starting.wait(timeout=20)
    one.down()
    wait_for("nothing remains", lambda: not remains(one), 5, 0.1)
    assert machine() == before


def test_ctrl_c_in_the_midst_of_up_cleans_up_and_ends_with_130(one: TestLab) -> None:
    starting = subprocess.Popen([str(LAB), "up", "--hosts", "4"], env=one.environment, stderr=subprocess.PIPE, start_new_session=True)
    wait_for("up has begun with hosts", (one.directory / "hosts/hall-ops").exists, 60, 0.002)
    os.killpg(starting.pid, signal.SIGINT)
    told = starting.communicate(timeout=60)[1].decode()
    assert starting.returncode == 130, told
    assert "Traceback" not in told
    assert remains(one) == []


def test_a_second_up_of_the_same_name_is_refused_while_the_first_works(one: TestLab) -> None:
    starting = subprocess.Popen([str(LAB), "up", "--hosts", "4"], env=one.environment, stderr=subprocess.DEVNULL)
    wait_for("up has begun", (one.directory / "roof.ready").exists, 60, 0.002)
    assert one.lab("up", check=False).returncode == 75
    assert starting.wait(timeout=60) == 0
    again = one.lab("up", check=False)
    assert (again.returncode, "is up already" in again.stderr) == (1, True)


def test_two_labs_stand_side_by_side_with_the_same_addresses(one: TestLab) -> None:
    other = TestLab(f"beside-{os.getpid()}")
    try:
        one.up("--hosts", "4")
        other.up("--hosts", "4", "--mode", "plain")
        one.host("ost-lib-1", "sh", "-c", "echo first >/etc/which")
        other.host("ost-lib-1", "sh", "-c", "echo second >/etc/which")
        assert [x.ssh("10.20.1.11", "cat /etc/which").stdout for x in (one, other)] == ["first\n", "second\n"]
    finally:
        other.down()
    assert one.ssh("10.20.1.11", "cat /etc/which").stdout == "first\n"


def test_a_frozen_layer_holds_what_a_host_became_and_a_fresh_lab_stands_upon_it(one: TestLab) -> None:
    layer = f"t-{os.getpid()}"
    one.up("--hosts", "4", "--mode", "plain")
    one.host("ost-lib-1", "sh", "-c", "echo done >/etc/state; rm /etc/motd")
    one.lab("freeze", layer)
    try:
        assert remains(one) == []
        begun = time.monotonic()
        one.up("--hosts", "4", "--mode", "plain", "--from", layer)
        assert one.host("ost-lib-1", "sh", "-c", "cat /etc/state; test -e /etc/motd || echo gone").stdout == "done\ngone\n"
        assert time.monotonic() - begun < 60
    finally:
        one.down()
        subprocess.run(["rm", "-r", str(one.directory.parent.parent / "layers" / layer)], check=True, timeout=60)
