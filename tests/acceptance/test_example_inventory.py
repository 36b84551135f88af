"""The repository's inventory is the real joint service: it validates clean, and everyone and everything of it is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AT = "2026-11-24T12:00:00Z"
MEMBERS = {"berg", "bracke", "harjedalen", "krokom", "ragunda", "stromsund", "are", "ostersund", "region-jh", "jgy", "rtj"}
SYSTEMS = {
    "Aditro", "Asynja", "Bibliotekssystem", "BookIT", "Cosmic", "DNSSEC och IPv6", "E-tjänsteplattform", "EDP Future",
    "FirstClass", "GAFE", "GIS", "Gymnasieförbundets IT-miljö", "HSA", "Heroma", "Jamtnet",
    "Lokala larmnät Härjedalen", "Lokala larmnät Åre", "Länsgemensam e-tjänsteplattform",
    "Länsgemensamt bibliotekssystem", "Meddix", "NPÖ", "Pascal", "Räddningstjänstens servrar", "SITHS",
    "Serverdrift Åre", "Sesam2", "SiteVision", "Telefoni", "TimeCare", "Trygghetslarm", "Virtuellt hälsorum", "W3D3",
    "ZOnline", "Zappa",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _own_store(tmp_path_factory):
    """A machine's own store has no say in what the example gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMDRIFT_STORE", str(tmp_path_factory.mktemp("example") / "state"))
        yield


def samdrift(*arguments):
    command = [sys.executable, "-m", "samdrift.cli", "--inventory", "inventory", "--store", "build/no-store", *arguments]  # never the machine's own
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_the_example_validates_without_error_or_warning():
    ended = samdrift("inventory", "validate", "--strict", "--at", AT)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(("noun", "wanted"), [("members", MEMBERS), ("sites", {"hall-ostersund", "hall-are", "node-b", "node-z"})])
def test_members_and_sites_are_those_of_the_joint_service(noun, wanted):
    ended = samdrift("inventory", "list", noun, "--output", "json", "--at", AT)

    assert {item["id"] for item in json.loads(ended.stdout)["items"]} >= wanted, ended.stderr


def test_every_system_of_the_pre_study_is_a_service_and_both_asynja_are_there():
    ended = samdrift("inventory", "list", "services", "--output", "json", "--at", AT)

    names = [item["name"] for item in json.loads(ended.stdout)["items"]]
    assert set(names) >= SYSTEMS
    assert names.count("Asynja") == 2


def test_october_can_be_split_to_the_ore_from_the_committed_readings():
    readings = str(ROOT / "tests/acceptance/data/readings-2026-10.csv")
    ended = samdrift("cost", "preview", "--month", "2026-10", "--readings", readings, "--at", AT, "--output", "json")

    found = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert found["blocking"] == []
    assert sum(item["amount_ore"] for item in found["items"]) == sum(pool["amount_ore"] for pool in found["totals"]["pools"])
