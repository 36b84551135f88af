"""Network devices on real ssh: read whole or refused, kept in git by owner, keys strict, no secret told."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from samdrift.adapters import git
from samdrift.model.network_backup import NetworkStatus
from tests.lab.labkit.place import Place
from tests.lab.network_place import NetworkPlace
from tests.lab.parts.devices import Device, Devices

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
