"""Each fault does what it says, is undone by its own hand, may be switched twice, and stands in the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.labkit.testing import TestLab

pytestmark = pytest.mark.level("full")
SOA = "+short", "+timeout=1", "+retry=0"


@pytest.fixture(scope="module")
def names(lab: TestLab) -> TestLab:
    lab.part("dns")
    return lab


@pytest.fixture
def mended(lab: TestLab) -> Iterator[list[tuple[str, str]]]:
    """What a test broke is mended after it."""
    broken: list[tuple[str, str]] = []
    yield broken
    for name, at in broken:
        lab.fault(name, "off", at)


def test_a_cut_link_parts_the_sites_and_nothing_within_them(lab: TestLab, mended: list[tuple[str, str]]) -> None:
    mended.append(("link-cut", "site-link"))
    lab.fault("link-cut")
    assert lab.status["link"] == "cut"
    assert lab.ssh("10.20.65.18", "true", check=False).returncode == 255
    assert lab.ssh("2001:db8:21:1::18", "true", check=False).returncode == 255
    assert lab.ssh("10.20.1.11", "true").returncode == 0
    assert lab.ssh("2001:db8:21:1::18", "true", site="hall-are").returncode == 0
    lab.fault("link-cut", "off")
    assert lab.ssh("10.20.65.18", "true").returncode == 0


@pytest.mark.slow
def test_a_killed_host_is_silent_and_comes_back_with_its_disk(lab: TestLab, mended: list[tuple[str, str]]) -> None:
    mended.append(("host-killed", "ost-lib-1"))
    lab.ssh("10.20.1.11", "echo kept >kept; sync")
    lab.fault("host-killed", at="ost-lib-1")
    lab.fault("host-killed", at="ost-lib-1")
    assert lab.ssh("10.20.1.11", "true", check=False).returncode == 255
    lab.fault("host-killed", "off", "ost-lib-1")
    assert lab.ssh("10.20.1.11", "cat kept").stdout == "kept\n"


def test_a_swapped_host_key_is_refused_by_ssh(lab: TestLab, mended: list[tuple[str, str]]) -> None:
    mended.append(("host-key-swapped", "are-srv-1"))
    lab.fault("host-key-swapped", at="are-srv-1")
    refused = lab.ssh("10.20.65.18", "true", check=False)
    assert refused.returncode == 255
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in refused.stderr
    lab.fault("host-key-swapped", "off", "are-srv-1")
    assert lab.ssh("10.20.65.18", "true").returncode == 0


@pytest.mark.slow
def test_a_full_disk_refuses_a_byte_and_is_free_again(lab: TestLab, mended: list[tuple[str, str]]) -> None:
    mended.append(("disk-full", "are-srv-1"))
    lab.fault("disk-full", at="are-srv-1")
    refused = lab.ssh("10.20.65.18", "echo x >>full", check=False)
    assert "No space left on device" in refused.stderr
    lab.fault("disk-full", "off", "are-srv-1")
    assert lab.ssh("10.20.65.18", "echo x >>full").returncode == 0


def test_a_wrong_ds_stands_at_the_registry_only_while_it_is_on(names: TestLab) -> None:
    def published() -> str:
        return names.ctl("kdig", "@198.51.100.54", "krokom.example", "DS", *SOA).stdout

    good = published()
    names.fault("wrong-ds", at="krokom.example")
    assert "DEADBEEF" in published().upper().replace(" ", "")
    names.fault("wrong-ds", "off", "krokom.example")
    assert published() == good


@pytest.mark.slow
def test_a_dead_ipv6_address_leaves_ipv4_and_the_other_server(names: TestLab) -> None:
    def answers(address: str) -> bool:
        return "hostmaster" in names.ctl("kdig", f"@{address}", "are.example", "SOA", *SOA, check=False).stdout

    names.fault("dead-ipv6", at="2001:db8:23::53")
    assert [answers(a) for a in ("10.20.144.53", "2001:db8:23::53", "10.20.128.53", "2001:db8:22::53")] == [True, False, True, True]
    names.fault("dead-ipv6", "off", "2001:db8:23::53")
    assert answers("2001:db8:23::53")


@pytest.mark.slow
def test_a_lame_server_refuses_one_zone_alone(names: TestLab) -> None:
    def status(zone: str) -> str:
        said = names.ctl("kdig", "@10.20.144.53", zone, "SOA").stdout
        return said.split("status: ")[1].split(";")[0]

    names.fault("lame-server", at="are.example")
    assert [status(z) for z in ("are.example", "krokom.example")] == ["REFUSED", "NOERROR"]
    names.fault("lame-server", "off", "are.example")
    assert status("are.example") == "NOERROR"


@pytest.mark.slow
def test_a_full_backup_target_has_no_byte_left_until_it_is_mended(lab: TestLab) -> None:
    lab.part("backup")
    lab.fault("target-full")
    free = ["df", "--output=avail", "/run/lab/targets/hall-ostersund"]
    assert lab.ctl(*free).stdout.split()[-1] == "0"
    lab.fault("target-full", "off")
    assert int(lab.ctl(*free).stdout.split()[-1]) > 200_000


def test_the_ups_says_that_it_is_on_battery_while_it_is(lab: TestLab) -> None:
    lab.part("ups-a")
    ask = "import socket; s = socket.create_connection(('10.20.2.11', 3493), 3); s.sendall(b'GET VAR ups-a ups.status\\n'); print(s.recv(200).decode())"
    lab.fault("ups-on-battery")
    assert "OB DISCHRG" in lab.ctl("/usr/bin/python3", "-c", ask).stdout
    lab.fault("ups-on-battery", "off")
    assert '"OL"' in lab.ctl("/usr/bin/python3", "-c", ask).stdout


def test_every_switch_stands_in_the_truth_with_where_and_when(lab: TestLab) -> None:
    lab.fault("host-cut", at="ost-lib-1")
    lab.fault("host-cut", "off", "ost-lib-1")
    assert [(t["fault"], t["where"], t["state"]) for t in lab.truth[-2:]] == [("host-cut", "ost-lib-1", "on"), ("host-cut", "ost-lib-1", "off")]
    assert all(t["at"].endswith("Z") and t["did"] for t in lab.truth)


def test_a_fault_of_a_part_that_does_not_run_says_how_to_start_it(lab: TestLab) -> None:
    done = lab.lab("fault", "ups-on-battery", "--at", "ups-b", check=False)
    assert (done.returncode, done.stderr) == (1, "lab: part ups-b does not run: tests/lab/lab part ups-b start\n")
