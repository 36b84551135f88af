"""A newcomer backs up the program's own store, copies, checks, drills and sees it: exit 0, no server, no root, no network (backup.md B2)."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def samdrift(tmp_path, program):
    program("restic", "restic")

    def run(*arguments, code=0):
        given = [sys.executable, "-m", "samdrift.cli", "--inventory", str(ROOT / "inventory"), "--store", str(tmp_path / "state"), *arguments]
        ended = subprocess.run(given, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "default"})
        assert ended.returncode == code, f"{' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        return json.loads(ended.stdout)["items"] if "json" in arguments else ended.stderr

    return run


def test_the_store_is_backed_up_copied_checked_drilled_and_shown(samdrift, tmp_path):
    began = time.monotonic()
    (run,) = samdrift("backup", "run", "samdrift-store", "--output", "json")
    assert (run["outcome"], run["reasons"]) == ("ok", [])
    assert run["files"] > 0
    (copy,) = samdrift("backup", "copy", "samdrift-store", "--output", "json")
    assert (copy["outcome"], copy["copied"], copy["missing"]) == ("ok", 1, 0)
    checks = samdrift("backup", "check", "samdrift-store", "--output", "json")
    assert [(one["site"], one["outcome"]) for one in checks] == [("hall-ostersund", "ok"), ("hall-are", "ok")]
    (proof,) = samdrift("backup", "drill", "samdrift-store", "--output", "json")
    assert (proof["passed"], proof["site"], proof["level"], proof["mismatches"]) == (True, "hall-are", 3, [])
    (status,) = samdrift("backup", "status", "samdrift-store", "--output", "json")
    assert (status["status"], status["rpo_met"], status["rto_met"], status["copies_missing"]) == ("ok", True, True, 0)
    took = time.monotonic() - began
    assert took < 60, f"the walk took {took:.0f} s"
    (verdict,) = samdrift("backup", "proof", "--output", "json")
    assert (verdict["holds"], verdict["digest"]) == (True, proof["digest"])
    here, there = samdrift("backup", "snapshots", "samdrift-store", "--output", "json")
    assert {here["original"], there["original"]} == {None, run["snapshot"]}
    assert list((tmp_path / "state" / "backup" / "scratch").iterdir()) == []
    assert list((tmp_path / "state" / "backup" / "run").iterdir()) == []


@pytest.mark.slow
def test_damage_that_a_check_or_scan_found_is_in_the_status_until_it_is_healed(samdrift, tmp_path):
    for verb in ("run", "copy", "check", "drill"):
        samdrift("backup", verb, "samdrift-store")
    repository = tmp_path / "state" / "backup" / "hall" / "shared-samdrift-store" / "common"
    pack = max((one for one in (repository / "data").rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(content)

    def status(code):
        (found,) = samdrift("backup", "status", "samdrift-store", "--output", "json", code=code)
        return found["status"], found["reasons"], found["rpo_met"]

    assert status(0) == ("ok", [], True), "nobody has looked yet"
    where = ("--site", "hall-ostersund")
    samdrift("backup", "check", "samdrift-store", "--keyless", *where, code=1)
    assert status(1) == ("failure", ["repository-damaged"], True)
    samdrift("backup", "check", "samdrift-store", "--full", *where, code=1)
    samdrift("backup", "check", "samdrift-store", "--full", "--site", "hall-are")
    assert status(1) == ("failure", ["repository-damaged"], True), "the other site is whole, this one is not"
    heal = ("backup", "heal", "shared-samdrift-store/common", *where)
    (plan,) = samdrift(*heal, "--dry-run", "--output", "json")
    assert (plan["outcome"], plan["id"], [one["object"] for one in plan["damaged"]]) == ("planned", "", [f"data/{pack.name}"])
    assert pack.read_bytes() == content, "a dry run moves nothing"
    assert status(1)[0] == "failure", "a plan clears nothing"
    (healed,) = samdrift(*heal, "--yes", "--output", "json")
    assert (healed["outcome"], healed["damaged"]) == ("ok", [])
    assert status(0) == ("ok", [], True)


@pytest.mark.slow
@pytest.mark.may_be_absent
@pytest.mark.skipif(os.geteuid() != 0, reason="without root the walk above is this walk")
def test_the_walk_needs_neither_root_nor_network(tmp_path, program):
    """As nobody, in a network namespace without any link up."""
    program("restic", "restic")
    nobody = ["unshare", "--net", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
    if subprocess.run([*nobody, sys.executable, "-c", "import samdrift.cli"], capture_output=True, check=False, cwd=ROOT).returncode != 0:
        pytest.skip("another user may not enter this checkout")
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents:
        if not os.stat(parent).st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o001)
    front = [sys.executable, "-B", "-m", "samdrift.cli", "--inventory", str(ROOT / "inventory"), "--store", str(tmp_path / "state"), "backup"]
    for verb in ("run", "copy", "check", "drill", "status"):
        ended = subprocess.run([*nobody, *front, verb, "samdrift-store"], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env={**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)})
        assert ended.returncode == 0, f"{verb}: {ended.stdout}\n{ended.stderr}"
    assert {path.stat().st_uid for path in (tmp_path / "state").rglob("*")} == {65534}


def test_a_backup_whose_data_lies_elsewhere_names_the_device_and_the_playbook(samdrift):
    said = samdrift("backup", "run", "bookit", code=2)
    assert "ost-lib-1" in said
    assert "playbooks/back-up-hosts.yml" in said


def test_a_member_sees_its_own_backups_only(samdrift):
    samdrift("backup", "run", "samdrift-store")
    ids = {one["id"] for one in samdrift("--as", "krokom", "backup", "status", "--output", "json", code=1)}
    assert "webb-krokom" in ids
    assert "asynja-bracke" not in ids
    hidden = samdrift("--as", "krokom", "backup", "status", "asynja-bracke", code=2)
    nothing = samdrift("--as", "krokom", "backup", "status", "asynja-brakce", code=2)
    assert hidden.replace("asynja-bracke", "X") == nothing.replace("asynja-brakce", "X")


@pytest.mark.slow
def test_a_proof_rewritten_in_the_store_does_not_hold(samdrift, tmp_path):
    import sqlite3

    samdrift("backup", "run", "samdrift-store")
    samdrift("backup", "copy", "samdrift-store")
    samdrift("backup", "drill", "samdrift-store")
    with sqlite3.connect(tmp_path / "state" / "samdrift.sqlite") as connection:
        connection.execute("""UPDATE drill_proof SET content = replace(content, '"compared":', '"compared":1')""")
    (verdict,) = samdrift("backup", "proof", "--output", "json", code=1)
    assert (verdict["holds"], verdict["wrong"]) == (False, ["whole"])


def test_a_repository_that_is_gone_is_not_made_anew_in_silence(samdrift, tmp_path):
    import shutil

    samdrift("backup", "run", "samdrift-store")
    shutil.rmtree(tmp_path / "state" / "backup" / "hall")
    (run,) = samdrift("backup", "run", "samdrift-store", "--output", "json", code=1)
    assert (run["outcome"], run["reasons"]) == ("failed", ["repository-missing"])


def test_a_restore_goes_into_an_empty_folder_only_and_is_compared(samdrift, tmp_path):
    samdrift("backup", "run", "samdrift-store")
    (whole,) = samdrift("backup", "restore", "samdrift-store", "--to", str(tmp_path / "back"), "--output", "json")
    assert (whole["status"], whole["mismatches"], whole["missing"], whole["surplus"]) == ("ok", [], [], [])
    (database,) = (tmp_path / "back").rglob("samdrift.sqlite")
    assert database.stat().st_size > 0
    said = samdrift("backup", "restore", "samdrift-store", "--to", str(tmp_path / "back"), code=2)
    assert "not an empty folder" in said
    part = str(database).removeprefix(str(tmp_path / "back"))
    (one,) = samdrift("backup", "restore", "samdrift-store", "--to", str(tmp_path / "one"), "--path", part, "--output", "json")
    assert (one["status"], one["files"], one["surplus"]) == ("ok", 1, [])
    assert "unknown" in samdrift("backup", "restore", "samdrift-store", "--to", str(tmp_path / "two"), "--path", "/no/such", code=2)


@pytest.mark.parametrize(
    "words", [("run", "webb-krokom"), ("copy",), ("check",), ("drill", "webb-krokom"), ("hand-out", "--device", "kro-webb-1"), ("enrol", "krokom")]
)
def test_a_member_reads_and_does_not_act(samdrift, words):
    assert "leave out --as" in samdrift("--as", "krokom", "backup", *words, code=2)


def test_the_how_to_page_names_the_walk_that_is_tested_here():
    page = (ROOT / "docs" / "howto" / "back-up-and-restore.md").read_text()
    named = [line.strip() for line in page.splitlines() if line.startswith("    samdrift backup") and line.endswith("samdrift-store")]
    assert named == [f"samdrift backup {verb} samdrift-store" for verb in ("run", "copy", "check", "drill", "status")]
