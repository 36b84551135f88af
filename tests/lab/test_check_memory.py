"""What checks remember of real name servers: the quarter-hourly job, an unreachable zone told after two runs, what changed, a lost family."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from samdrift.adapters.clock import now
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.sample_check_memory import sample
from samdrift.store import open_store
from tests.lab.labkit.addresses import silence
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns

pytestmark = pytest.mark.level("user")

REPOSITORY = Path(__file__).resolve().parents[2]
SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.jamtnet.example.", "10.20.128.53", "2001:db8:22::53")
SECOND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53")
THIRD = NameServer("ns1.krokom.example.", "10.20.1.53", "2001:db8:21::53")
TREE = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("jamtnet.example.", (FIRST, SECOND)), Zone("are.example.", (FIRST, SECOND)), Zone("krokom.example.", (THIRD,))]
KROKOM = "krokom.example"


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    with Yard(folder / "yard") as yard, start_dns(TREE, folder / "dns", yard.place) as dns:
        yield yard, dns


@pytest.fixture
def call(ground, tmp_path):
    """call(words…): the program in the yard, with a store of the test's own."""
    yard, dns = ground

    def run(*words: str, code: int | None = None):
        done = yard.run([SAMDRIFT, *words, "--store", str(tmp_path / "state"), "--inventory", str(REPOSITORY / "inventory")])
        assert code is None or done.returncode == code, f"{done.returncode}: {done.stderr}"
        return json.loads(done.stdout) if "json" in words else done

    run.check = lambda *more: run("check", "run", KROKOM, "--hints", str(dns.hints), "--check", "delegation-exists", "--check", "ipv6-ns-reachable", "--output", "json", *more)
    return run


@pytest.fixture
def silent(ground):
    """silent(on): no server of krokom.example answers, over any family."""

    def switch(on: bool) -> None:
        for address in THIRD.addresses:
            silence(ground[0].place, address, on=on)

    yield switch
    switch(False)


def items(document, check):
    return [item for item in document["items"] if item["check"] == check]


def test_a_zone_that_is_lost_is_remembered_run_by_run_and_told_by_diff(call, silent):
    well = items(call.check(), "delegation-exists")[0]
    assert (well["status"], well["runs_open"], well["last_ok"]) == ("ok", 0, well["observed_at"])
    silent(True)
    for runs in (1, 2):
        lost = items(call.check(), "delegation-exists")[0]
        assert (lost["code"], lost["runs_open"], lost["last_ok"]) == ("no-working-server", runs, well["observed_at"])
    changed = call("check", "diff", "--since", well["observed_at"][:10], "--output", "json")
    assert changed["items"] == [], "before that day nothing was known"
    silent(False)
    call.check()
    gone = call("check", "diff", "--output", "json", code=0)
    assert ("gone", "delegation-exists") in {(item["change"], item["check"]) for item in gone["items"]}


@pytest.mark.slow
def test_what_flaps_is_marked_and_told_once_a_day(call, silent):
    call.check()
    for on in (True, False, True, False, True):
        silent(on)
        lost = items(call.check(), "delegation-exists")[0]
    assert lost["flapping"] is True
    told = call("check", "diff", "--output", "json")
    assert "delegation-exists" not in {item["check"] for item in told["items"]}
    assert told["compared"]["flapping_left_out"] >= 1


def test_a_family_that_is_lost_is_said_and_ends_with_three(call, ground):
    hints = str(ground[1].hints)
    assert {row["family"]: row["state"] for row in call("check", "vantage", "--hints", hints, "--output", "json", code=0)["items"]} == {"ipv4": "proven", "ipv6": "proven"}
    silence(ground[0].place, ROOT.ipv6, on=True)
    try:
        lost = call("check", "vantage", "--hints", hints, "--output", "json", code=3)
    finally:
        silence(ground[0].place, ROOT.ipv6, on=False)
    assert {row["family"]: row["state"] for row in lost["items"]} == {"ipv4": "proven", "ipv6": "lost"}


def test_names_come_from_a_file_and_junit_has_a_suite_for_each(call, ground, tmp_path):
    names = tmp_path / "names"
    names.write_text("krokom.example\nare.example  # the second\n")
    done = call("check", "run", "--names", str(names), "--hints", str(ground[1].hints), "--category", "delegation", "--no-store", "--output", "junit")
    assert '<testsuite name="are.example"' in done.stdout
    assert '<testsuite name="krokom.example"' in done.stdout
    assert 'name="delegation-exists"' in done.stdout


def test_one_line_for_nagios_says_the_worst(call, ground):
    done = call("check", "run", KROKOM, "--hints", str(ground[1].hints), "--check", "delegation-ns-count", "--no-store", "--nagios", code=2)
    assert done.stdout.startswith("SAMDRIFT CRITICAL - ")
    assert "delegation-ns-count/" in done.stdout
    assert " | failure=" in done.stdout


def test_the_quarter_hourly_job_that_cannot_look_turns_nothing_red(tmp_path):
    with Yard(tmp_path / "empty") as yard:
        done = yard.run([SAMDRIFT, "run", "check-dns-soon", "--store", str(tmp_path / "state"), "--inventory", str(REPOSITORY / "inventory"), "--output", "json"])
    assert done.returncode == 3, done.stderr
    (run,) = json.loads(done.stdout)["items"]
    assert (run["outcome"], run["counts"]["open"], run["reasons"]) == ("ok", 0, ["no-vantage-ipv4", "no-vantage-ipv6"])
    inventory = load_inventory(REPOSITORY / "inventory")
    with open_store(tmp_path / "state") as store:
        series = [(one.metric, one.labels.get("family"), one.value) for one in sample(inventory, store, at=now())]
    assert {("samdrift_vantage_up", "ipv4", 0), ("samdrift_vantage_up", "ipv6", 0)} <= set(series)
    assert not [one for one in series if one[0] in {"samdrift_zone_unreachable_runs", "samdrift_member_score_ratio"}], "what cannot be seen has no series"
