"""Second keys are sealed to custodians of two organisations and forgotten; one custodian alone opens the repository (backup.md B18)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = "shared-samdrift-store/common"


@pytest.fixture
def joint(tmp_path, program):
    """The example inventory with custodians whose private halves are here, and a store that is backed up at both sites."""
    program("restic", "restic")
    program("age", "age")
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    for name in ("region-jh-1", "ostersund-1", "stranger"):
        made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
        (tmp_path / f"{name}.key").write_text(made)
        public = next(line.split(": ")[1] for line in made.splitlines() if line.startswith("# public key"))
        if name != "stranger":
            (tmp_path / "inventory" / "files" / "escrow" / f"{name}.txt").write_text(public + "\n")

    def run(*arguments, code=0, store="state"):
        given = [sys.executable, "-m", "samdrift.cli", "--inventory", str(tmp_path / "inventory"), "--store", str(tmp_path / store), "--output", "json", "backup", *arguments]
        ended = subprocess.run(given, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "default"})
        assert ended.returncode == code, f"{' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        return json.loads(ended.stdout)["items"] if ended.stdout else ended.stderr

    run("run", "samdrift-store")
    return run


def test_a_second_key_is_sealed_once_and_proved_by_a_custodian(joint, tmp_path):
    (own,) = joint("keys", "list")
    assert own["kind"] == "own"
    made = joint("keys", "escrow", PATH)
    (sealed,) = [one for one in made if one["kind"] == "escrow"]
    assert (sealed["status"], sealed["recipients"], sealed["proved_at"]) == ("warning", ["age:region-jh/1", "age:ostersund/1"], None)
    assert sealed["present_at"]
    assert [one["key"] for one in joint("keys", "escrow", PATH)] == [one["key"] for one in made], "again: nothing to do"
    assert joint("check", "samdrift-store", "--site", "hall-ostersund")[0]["keys_unknown"] == []
    file = tmp_path / "state" / "escrow" / "hall-shared-samdrift-store-common.age"
    assert file.read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    for custodian in ("region-jh-1", "ostersund-1"):
        proof = joint("keys", "prove", PATH, "--identity", str(tmp_path / f"{custodian}.key"))
        assert proof[0]["status"] == "ok", "either of them opens it alone"
    refused = joint("keys", "prove", PATH, "--identity", str(tmp_path / "stranger.key"), code=1)
    assert "age does not open" in refused[0]["message"]
    later = joint("keys", "list", "--at", "2027-12-01T00:00:00Z", code=1)
    assert {one["status"] for one in later if one["kind"] == "escrow"} == {"failure"}, "a proof is good for 35 days"


@pytest.mark.slow
def test_a_sealed_file_that_was_changed_is_found_and_rotation_removes_the_old_key(joint, tmp_path):
    (first,) = [one for one in joint("keys", "escrow", PATH) if one["kind"] == "escrow"]
    file = tmp_path / "state" / "escrow" / "hall-shared-samdrift-store-common.age"
    file.write_bytes(file.read_bytes().replace(b"A", b"B"))
    refused = joint("keys", "prove", PATH, "--identity", str(tmp_path / "region-jh-1.key"), code=1)
    assert refused[0]["message"] == "the sealed file is gone or another"
    rotated = joint("keys", "rotate", PATH)
    (second,) = [one for one in rotated if one["kind"] == "escrow"]
    assert second["key"] != first["key"]
    assert first["key"] not in {one["key"] for one in rotated}
    assert joint("keys", "prove", PATH, "--identity", str(tmp_path / "ostersund-1.key"))[0]["status"] == "ok"


def test_with_one_organisation_left_nothing_is_sealed(joint):
    said = joint("keys", "rotate", PATH, "--without", "age:ostersund/1", code=2)
    assert "two custodians of two organisations" in said


def test_the_lost_store_comes_back_from_the_disaster_site_with_one_sealed_file_and_one_command(joint, tmp_path):
    """What is left: the disaster site's folder, the sealed file and one custodian. The command is the one of the how-to page."""
    joint("copy", "samdrift-store")
    joint("keys", "escrow", PATH)
    (tmp_path / "kept").mkdir()
    shutil.copy(tmp_path / "state" / "escrow" / "disaster-shared-samdrift-store-common.age", tmp_path / "kept" / "sealed.age")
    shutil.copytree(tmp_path / "state" / "backup" / "disaster", tmp_path / "kept" / "disaster")
    shutil.rmtree(tmp_path / "state")
    page = (ROOT / "docs" / "howto" / "back-up-and-restore.md").read_text()
    (line,) = [line.strip() for line in page.splitlines() if line.strip().startswith("age --decrypt")]
    command = line.replace("custodian.txt", str(tmp_path / "ostersund-1.key")).replace("sealed.age", str(tmp_path / "kept" / "sealed.age"))
    command = command.replace("/srv/backup/", f"{tmp_path}/kept/disaster/").replace("/srv/back", str(tmp_path / "back"))
    subprocess.run(["sh", "-ec", command], check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    (store,) = (tmp_path / "back").rglob("samdrift.sqlite")
    (status,) = joint("status", "samdrift-store", store=str(store.parent.relative_to(tmp_path)), code=1)
    assert status["id"] == "samdrift-store"
    assert status["last_run_at"] is None, "the copy was taken within its own run"
