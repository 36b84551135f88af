"""Level 5: two services, one on the other, come back at the disaster site with the primary's folder gone (backup.md B21)."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess

import pytest
import yaml

from tests.lab.backup_walk import ROOT, JointBackup
from tests.lab.test_backup_databases import server, source_of  # noqa: F401 - the same database server

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
UPON, BASE = "bookit", "heroma"
DEVICES = {UPON: "ost-lib-1", BASE: "heroma-db-1"}


def change(path, noun, name, **values):
    document = yaml.safe_load(path.read_text())
    (one,) = [one for one in document[noun] if one["id"] == name]
    one.update(values)
    path.write_text(yaml.safe_dump(document, allow_unicode=True))


@pytest.fixture
def joint(tmp_path, server):  # noqa: F811
    """The shipped targets, folders below the state folder; bookit's files stand on heroma's files and database."""
    made = JointBackup(tmp_path, target=None)
    shutil.copytree(ROOT / "inventory", made.inventory)
    made.fill()
    (tmp_path / "heroma").mkdir()
    (tmp_path / "heroma" / "lon.csv").write_text("lön;1\n" * 4000)
    made.edit(sources=[{"path": str(made.source)}], drills={"3": "31 d", "5": "92 d"})
    kept = made.inventory / "backups" / "ostersund.yml"
    change(kept, "backups", BASE, sources=[{"path": str(tmp_path / "heroma")}, source_of(server, queries={"select count(*) > 10 from lan": "t"})])
    change(made.inventory / "services" / "shared-systems.yml", "services", UPON, depends_on=["jamtnet", BASE])
    for name, device in DEVICES.items():
        made.run("run", name, "--device", device)
    return made


def levels(joint, code=None):
    return {one["level"]: one["last_passed_at"] for one in joint.run("status", UPON, code=code)[0]["drills"]}


@pytest.mark.slow
def test_a_service_comes_back_after_what_it_stands_on_with_the_primary_gone(joint):
    refused = joint.here("drill", UPON, "--level", "5", "--site", "hall-are")
    assert (refused.returncode, f"{BASE} has no usable snapshot at hall-are; {UPON} has no" in refused.stderr) == (3, True), refused.stderr
    assert joint.run("proof") == []
    joint.run("copy", UPON, BASE, "--device", "are-backup-1")
    assert joint.here("drill", UPON, "--level", "5", "--site", "hall").returncode == 2, "the primary is what is cut off"
    (joint.state / "backup" / "hall").rename(joint.folder / "away")
    assert levels(joint) == {3: None, 5: None}
    base, upon = joint.run("drill", UPON, "--level", "5", "--site", "hall-are")
    assert [(one["backup"], one["level"], one["passed"], one["site"], one["mismatches"]) for one in (base, upon)] == [(one, 5, True, "hall-are", []) for one in (BASE, UPON)]
    assert set(base["queries_found"]) == {"koha.lan", "koha.vard.journal", "koha: select count(*) > 10 from lan"}
    assert base["queries_found"] == base["queries_expected"]
    assert base["files"] == 2, "a file and the dump"
    assert upon["files"] >= 40
    assert upon["seconds"] >= base["seconds"] + upon["restore_seconds"], "the time of what it stands on counts"
    assert upon["skipped"] == ["jamtnet: it has no backup and promises no rpo"]
    assert upon["previous"] == base["digest"]
    assert [one["holds"] for one in joint.run("proof")] == [True, True]
    assert levels(joint)[5] is not None
    assert not (joint.state / "backup" / "hall").exists(), "nothing was made or asked at the primary"

    with sqlite3.connect(joint.state / "samdrift.sqlite") as connection:  # heroma's source had other rows, and bookit promises to be back in a second
        connection.execute("UPDATE backup_run SET more = replace(more, '\"rows\":20000', '\"rows\":19999') WHERE action = 'run' AND backup = ?", (BASE,))
    joint.edit(rto="1 s")
    base, upon = joint.run("drill", UPON, "--level", "5", code=1)
    assert (base["passed"], base["reasons"]) == (False, ["1 differ"])
    assert (upon["passed"], upon["mismatches"], upon["reasons"][0]) == (False, [], f"{BASE}, which it depends on, did not pass")
    assert upon["reasons"][1].endswith("the objective is 1 s")


@pytest.mark.slow
def test_the_job_rehearses_first_and_holds_nothing_that_the_rehearsal_proves(joint):
    change(joint.inventory / "backups" / "ostersund.yml", "backups", BASE, drills={"1": "7 d", "2": "30 d", "3": "92 d", "4": "92 d", "5": "92 d"})
    joint.run("copy", UPON, BASE, "--device", "are-backup-1")
    front = joint.command()
    ended = subprocess.run([*front[: front.index("backup")], "run", "drill-backups"], capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env=joint.environment())
    assert ended.returncode == 0, ended.stdout + ended.stderr
    held = [(one["backup"], one["level"], one["passed"]) for one in joint.run("proof")]
    assert held == [(BASE, 5, True), (UPON, 5, True), (BASE, 1, True)]
    (base,) = joint.run("status", BASE)
    assert {one["level"]: one["proof"] for one in base["drills"]} == {1: held_id(joint, BASE, 1), **dict.fromkeys((2, 3, 4, 5), held_id(joint, BASE, 5))}
    assert "drill-overdue" not in base["reasons"]


def held_id(joint, backup, level):
    (found,) = [one["id"] for one in joint.run("proof") if (one["backup"], one["level"]) == (backup, level)]
    return found
