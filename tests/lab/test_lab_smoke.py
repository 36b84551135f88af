"""The lab stands as it says: hosts, families, keys, routes, a world outside, and the machine untouched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.labkit.testing import TestLab

pytestmark = pytest.mark.level("full")
ROOT = Path(__file__).resolve().parents[2]
SHOWN = (["ip", "-brief", "address"], ["ip", "route"], ["ip", "-6", "route"], ["ip", "netns"], ["nft", "list", "ruleset"])


def machine() -> list[str]:
    """The machine's own addresses, routes, namespaces and packet rules (without what changes by itself)."""
    return [subprocess.run(c, capture_output=True, text=True, check=False, timeout=20).stdout for c in SHOWN]


@pytest.fixture(scope="module")
def before() -> list[str]:
    return machine()


@pytest.fixture(scope="module")
def lab(before: list[str], lab: TestLab) -> Iterator[TestLab]:
    return lab


def test_every_host_runs_and_every_router_answers(lab: TestLab) -> None:
    assert {item["id"]: item["state"] for item in lab.status["items"]} == dict.fromkeys(("hall-ops", "are-ops", "ost-lib-1", "are-srv-1", "rt-ost-1", "rt-are-1"), "running")


def test_hosts_are_managed_over_ipv4_and_ipv6_in_turn(lab: TestLab) -> None:
    assert [i["management"] for i in lab.status["items"] if i["kind"] == "host"] == ["ipv4", "ipv6", "ipv4", "ipv6"]


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
@pytest.mark.parametrize("site", ["hall-ostersund", "hall-are"])
def test_each_controller_reaches_every_host_over_either_family_with_known_keys(lab: TestLab, family: str, site: str) -> None:
    hosts = [i for i in lab.status["items"] if i["kind"] == "host"]
    said = [lab.ssh(h[family], "hostname; sudo id -u; cat /etc/machine-id", site=site).stdout.split() for h in hosts]
    assert [(words[0], words[1]) for words in said] == [(h["id"], "0") for h in hosts]
    assert len({words[2] for words in said}) == len(hosts)


def test_nft_and_ip_work_inside_a_host(lab: TestLab) -> None:
    lab.ssh("10.20.1.11", "sudo nft add table inet x && sudo nft delete table inet x && sudo ip link set lo up")


def test_a_client_with_one_family_reaches_hosts_over_it_alone(lab: TestLab) -> None:
    knock = "import socket,sys; socket.create_connection((sys.argv[1], 22), 2).recv(4)"
    for client, good, bad in (("client4", "10.20.4.11", "2001:db8:20:4::11"), ("client6", "2001:db8:20:4::11", "10.20.4.11")):
        assert lab.host(client, "/usr/bin/python3", "-c", knock, good).returncode == 0
        assert lab.host(client, "/usr/bin/python3", "-c", knock, bad, check=False).returncode != 0


def test_no_host_reaches_anything_outside_the_lab(lab: TestLab) -> None:
    own = [w.split("/")[0] for w in machine()[0].split() if "/" in w and not w.startswith(("127.", "::1", "fe80"))]
    knock = "import socket,sys\nfor a in sys.argv[1:]:\n try: socket.create_connection((a, 53), 1); print(a)\n except OSError: pass"
    told = lab.host("ost-lib-1", "python3", "-c", knock, "192.0.2.1", "1.1.1.1", "2606:4700:4700::1111", "10.255.255.53", *own)
    assert told.stdout == ""


def test_the_machine_itself_is_untouched_while_the_lab_stands(lab: TestLab, before: list[str]) -> None:
    assert lab.status["link"] == "up"
    assert machine() == before


def test_the_derived_inventory_is_valid_and_holds_the_keys_of_the_day(lab: TestLab) -> None:
    offered = lab.host("ost-lib-1", "cat", "/etc/ssh/ssh_host_ed25519_key.pub").stdout.split()[1]
    assert offered in (lab.inventory / "devices" / "shared.yml").read_text()
    program = ROOT / ".venv" / "bin" / "samdrift"
    command = [str(program), "--inventory", str(lab.inventory), "inventory", "validate"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
