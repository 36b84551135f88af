"""`samdrift inventory` as a user runs it: what is told, how it ends, and who sees what."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from .conftest import ROOT, start


@pytest.fixture
def copy(tmp_path):
    """The example inventory, to be spoilt."""
    return shutil.copytree(ROOT / "inventory", tmp_path / "inventory")


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def validate(folder, *arguments):
    return start("--inventory", str(folder), "inventory", "validate", *arguments)


def error_lines(said):
    return [line for line in said.out.decode().splitlines() if ": error[" in line]


def test_the_bad_input_of_the_first_day_gets_one_clear_line_each(copy):
    spoil(copy / "devices/are.yml", "state: active", "state: active\n    platfrm: debian-12")
    spoil(copy / "devices/krokom.yml", "kind: ", "kind: 12 #")
    spoil(copy / "devices/shared.yml", "unit: 12", "unit: 17")
    spoil(copy / "services/shared-systems.yml", "devices: [ost-lib-1", "devices: [ost-libb-1")
    spoil(copy / "agreements/joint-operations-2016.yml", "are: 4.16", "are: 4.15")
    (copy / "files/inside.hints").write_text("ingen hints-fil\n", encoding="utf-8")
    said = validate(copy)
    assert said.code == 2
    codes = [line.split("error[")[1].split("]")[0] for line in error_lines(said)]
    assert sorted(codes) == sorted(
        ["unknown-key", "wrong-type", "rack-unit-taken", "unknown-reference", "key-sum", "view-without-roots"]
    ), said.out.decode()
    assert all(line.startswith(f"{copy}/") for line in error_lines(said))


def test_in_a_pipe_the_problems_are_text_on_stdout_and_the_sum_on_stderr(copy):
    spoil(copy / "devices/are.yml", "state: active", "state: actve")
    said = validate(copy, "--lang", "en")
    first, second = said.out.decode().splitlines()[:2]
    assert first.startswith(f"{copy}/devices/are.yml:")
    assert first.endswith("error[unknown-value]: 'actve' is no state")
    assert second == "help: did you mean 'active'?"
    assert said.err.strip() == "The inventory has 1 errors and 0 warnings."


def test_time_alone_gives_warnings_and_never_an_error(copy):
    (copy / "waivers.yml").write_text(
        "waivers:\n  - {id: w-1, subject: 'device:hjd-larm-1', check: ipv6-missing, reason: x, owner: harjedalen-it-manager, until: 2027-06-30}\n",
        encoding="utf-8",
    )
    later = "2031-01-01T00:00:00Z"
    assert validate(copy, "--at", later).code == 0
    said = validate(copy, "--at", later, "--strict")
    assert said.code == 1
    assert "warning[waiver-expired]" in said.out.decode()
    assert "warning[ipv6-missing]" in said.out.decode()
    assert error_lines(said) == []


def test_as_json_each_problem_has_its_place_and_code(copy):
    spoil(copy / "devices/shared.yml", 'ostersund: "2/3", krokom: "1/3"', 'ostersund: "2/3", krokom: "1/4"')
    said = validate(copy, "--output", "json")
    (problem,) = said.json()["items"]
    assert (problem["code"], problem["severity"], problem["path"]) == (
        "share-sum",
        "error",
        "devices.ost-lib-1.shared_by",
    )
    assert problem["message"] == "shares of ost-lib-1 sum to 11/12, not 1"
    assert problem["file"] == f"{copy}/devices/shared.yml"


def test_a_link_that_leaves_the_inventory_is_refused_with_its_name(copy, tmp_path):
    (tmp_path / "outside.yml").write_text("viewers: []\n", encoding="utf-8")
    (copy / "viewers").mkdir(exist_ok=True)
    (copy / "viewers/outside.yml").symlink_to(tmp_path / "outside.yml")
    said = validate(copy)
    assert said.code == 2
    assert [line.split(": ")[0] for line in error_lines(said)] == [f"{copy}/viewers/outside.yml:1:1"]
    assert "error[link-outside]" in said.out.decode()


# root reads everything: it gives up the ability for this one call
WITHOUT_POWER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


def test_a_file_that_cannot_be_read_is_named(copy):
    (copy / "viewers.yml").chmod(0)
    before = WITHOUT_POWER if os.geteuid() == 0 else []
    line = [*before, sys.executable, "-m", "samdrift.cli", "--inventory", str(copy), "inventory", "validate"]
    told = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 2, told.stderr
    assert "error[unreadable]" in told.stdout


def test_no_inventory_is_one_line_and_exit_2(tmp_path):
    said = validate(tmp_path / "nothing")
    assert said.code == 2
    assert said.err.startswith("error: ")
    assert "nothing" in said.err


def test_a_hostile_file_ends_in_a_line_and_not_in_a_signal(copy):
    (copy / "devices/hostile.yml").write_bytes(b"[" * 400_000)
    began = time.process_time()
    said = validate(copy)
    assert (said.code, len(error_lines(said))) == (2, 1)
    assert "error[too-deep]" in said.out.decode()
    assert time.process_time() - began < 5


def test_a_member_sees_its_own_and_shared_objects(copy):
    said = start("inventory", "list", "devices", "--as", "krokom", "--output", "json")
    members = [{member["id"] for member in item["members"]} for item in said.json()["items"]]
    assert members
    assert all("krokom" in found for found in members)


def test_anothers_object_answers_as_unknown_in_the_same_words():
    hidden = start("inventory", "show", "brk-asynja-1", "--as", "krokom")
    missing = start("inventory", "show", "qqq-asynja-1", "--as", "krokom")
    assert hidden.code == missing.code == 2
    assert hidden.err.splitlines()[0].replace("brk-", "qqq-") == missing.err.splitlines()[0]
    assert start("inventory", "show", "brk-asynja-1").code == 0


def test_show_tells_whose_it_is_whom_to_ring_and_what_depends_on_it():
    (item,) = start("inventory", "show", "ost-lib-1", "--output", "json").json()["items"]
    assert item["members"] == [{"id": "krokom", "share": "1/3"}, {"id": "ostersund", "share": "2/3"}]
    assert {contact["member"] for contact in item["contacts"]} == {"krokom", "ostersund"}
    assert {"noun": "services", "id": "bookit", "by": "devices"} in item["needed_by"]
    assert {"noun": "sites", "id": "hall-ostersund", "by": "site"} in item["depends_on"]
    assert item["file"] == "inventory/devices/shared.yml"


def test_known_hosts_names_every_living_host_by_id_name_and_address():
    said = start("inventory", "export", "--known-hosts")
    names = {name for line in said.out.decode().splitlines() for name in line.split(" ")[0].split(",")}
    assert {"ost-lib-1", "ost-lib-1.drift.example", "10.20.4.11", "2001:db8:20:4::11"} <= names


def test_the_commit_is_gits_and_unknown_without_git(copy):
    from samdrift.operations.load_inventory import load_inventory

    assert len(load_inventory(ROOT / "inventory").commit) in {40, 64}
    assert load_inventory(copy).commit == "unknown"


def test_json_of_a_list_is_an_envelope_with_kind_and_version():
    document = json.loads(start("inventory", "list", "members", "--output", "json").out)
    assert (document["schema"], document["version"], len(document["items"])) == ("samdrift/inventory-object", 1, 11)


def test_a_members_viewer_sees_no_waiver_of_another_members_things(call):
    listed = {item["id"] for item in call("inventory", "list", "waivers", "--as", "are", "--output", "json").json()["items"]}
    told = {item["id"] for item in call("check", "waivers", "--as", "are", "--output", "json").json()["items"]}
    assert listed == told
    assert "asynja-bracke-upphandlas" not in listed
    hidden = call("inventory", "show", "asynja-bracke-upphandlas", "--as", "are")
    assert (hidden.code, "did you mean" in hidden.err) == (2, False), hidden.err
