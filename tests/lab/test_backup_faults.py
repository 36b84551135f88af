"""Faults of the service around the repositories: a network that is away, a rolled-back or another repository, a killed process, a lost store, no room (backup.md 8)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pytest

from samdrift.adapters import restic
from tests.lab import repository_breaking as breaking
from tests.lab.backup_walk import DEVICE, OWNER, ROOT, USERS, JointBackup, enrolled_in
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.backup import BackupTarget

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
HALL = ("--device", "hall-backup-1", "--site", "hall")
ARE = ("--device", "are-backup-1", "--site", "hall-are")


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory):
    return enrolled_in(tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def joint(enrolled, tmp_path):
    shutil.copytree(enrolled, tmp_path / "target" / "data")
    with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        yield JointBackup(tmp_path, target).make()


def hall(joint):
    return joint.target.data / OWNER / "common"


def looked(joint, *where, code=None):
    (run,) = joint.run("check", "bookit", *where, code=code)
    return run


def held(joint, stopped, seconds):
    """Stop the endpoint for so long while a run goes on; gives the run's process."""
    running = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("packs come", lambda: any((hall(joint) / "locks").glob("*")), 60)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)  # the fault itself lasts so long
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    return running


@pytest.mark.slow
def test_a_network_that_is_away_for_20_s_ends_well(joint):
    """F2."""
    (joint.source / "stor").write_bytes(os.urandom(40_000_000))
    stopped = [process.pid for name, process in joint.target.processes.items() if name == "write"]
    assert held(joint, stopped, 20).wait(180) == 0
    assert joint.status(code=1)["last_outcome"] == "ok"


@pytest.mark.slow
def test_a_network_that_stays_away_ends_at_the_deadline_and_what_came_is_used_again(joint):
    """F2: unreachable or deadline, exit 3; the next run adds less than the whole."""
    (joint.source / "stor").write_bytes(os.urandom(60_000_000))
    joint.edit(max_duration="20 s", rpo="28 h")
    running = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("packs come", lambda: len([path for path in (hall(joint) / "data").rglob("*") if path.is_file()]) >= 1, 60)
    joint.target.stop()
    assert running.wait(120) == 3
    joint.target.start()
    joint.edit(max_duration="2 h")
    run = joint.back_up()
    assert run["outcome"] == "ok"


@pytest.mark.slow
def test_a_repository_that_was_rolled_back_is_told_and_nothing_is_pulled_over_it(joint):
    """F17: backup and check of restic say 0."""
    joint.back_up()
    shutil.copytree(hall(joint), joint.folder / "old")
    (joint.source / "ny").write_text("ny")
    joint.back_up()
    joint.copy()
    shutil.rmtree(hall(joint))
    shutil.copytree(joint.folder / "old", hall(joint))
    run = looked(joint, *HALL, code=1)
    assert (run["outcome"], run["reasons"]) == ("failed", ["snapshot-vanished"])
    assert joint.copy(code=1)["reasons"] == ["snapshot-vanished"]
    assert joint.drill()["passed"] is True, "the disaster site still has it"
    (healed,) = joint.run("heal", f"{OWNER}/common", "--yes", *HALL)
    assert healed["outcome"] == "ok"
    assert looked(joint, *HALL, code=0)["outcome"] == "ok"
    assert joint.copy()["copied"] == 0


def test_another_repository_under_the_same_key_gets_nothing_written(joint):
    """F17: restic is content with it."""
    joint.back_up()
    shutil.rmtree(hall(joint))
    restic.init(restic.Access(str(hall(joint)), "hall-key-canary"))
    before = sorted(path.name for path in hall(joint).rglob("*") if path.is_file())
    for run in (joint.back_up(code=1), joint.copy(code=1), looked(joint, *HALL, code=1)):
        assert (run["outcome"], run["reasons"]) == ("failed", ["repository-changed"])
    assert sorted(path.name for path in hall(joint).rglob("*") if path.is_file()) == before


@pytest.mark.slow
def test_another_repository_at_the_disaster_site_gets_nothing_pulled_into_it(joint):
    joint.back_up()
    joint.copy()
    are = joint.disaster / OWNER / "common"
    for key in ("are-key-canary", "a key of somebody else"):
        shutil.rmtree(are)
        restic.init(restic.Access(str(are), key))
        before = sorted(path.name for path in are.rglob("*") if path.is_file())
        for run in (joint.copy(code=1), looked(joint, *ARE, code=1), looked(joint, "--keyless", *ARE, code=1)):
            assert (run["outcome"], run["reasons"]) == ("failed", ["repository-changed"]), key
        assert sorted(path.name for path in are.rglob("*") if path.is_file()) == before


def test_a_dead_hall_holds_no_drill_and_leaves_no_folder_of_a_restore(joint):
    """Could not look is no failed proof: 3, and nothing begun."""
    joint.back_up()
    joint.target.stop()
    for level in ("1", "2", "3"):
        ended = joint.here("drill", "bookit", "--level", level, "--site", "hall")
        assert (ended.returncode, "does not answer" in ended.stderr) == (3, True), ended.stderr
    assert joint.here("restore", "bookit", "--to", str(joint.folder / "new")).returncode == 3
    assert not (joint.folder / "new").exists()


@pytest.mark.slow
def test_a_key_that_does_not_open_is_told_also_after_a_scan_that_needs_none(joint):
    joint.back_up()
    (joint.secret_folder / "ostersund" / "backup-key").write_text("are-key-canary")
    assert looked(joint, *HALL, code=1)["reasons"] == ["wrong-key"]
    assert looked(joint, "--keyless", *HALL, code=0)["outcome"] == "ok"
    assert "wrong-key" in joint.status(code=None)["reasons"]


@pytest.mark.slow
def test_a_killed_copy_is_done_again_and_harms_nothing(joint):
    """F21."""
    (joint.source / "stor").write_bytes(os.urandom(120_000_000))
    joint.back_up()
    copying = subprocess.Popen(joint.command("copy", "bookit", "--device", "are-backup-1"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("packs come to the disaster site", lambda: any(path.is_file() for path in joint.disaster.rglob("data/*/*")), 60)
    copying.kill()
    copying.wait()
    wait_for("restic is gone", lambda: subprocess.run(["pgrep", "-f", f"{joint.state}.*copy"], capture_output=True, check=False).returncode == 1, 60)
    again = joint.copy(code=None)
    assert (again["outcome"], again["missing"]) == ("ok", 0)
    assert looked(joint, *ARE, code=0)["outcome"] == "ok"


@pytest.mark.slow
def test_a_killed_healing_is_ended_by_the_next(joint):
    """F21: what was set aside is known, nothing counts as vanished."""
    import random

    (joint.source / "stor").write_bytes(os.urandom(60_000_000))
    joint.back_up()
    joint.copy()
    looked(joint, *HALL, code=0)
    breaking.writable(hall(joint))
    pack = max(breaking.objects(hall(joint), "data"), key=lambda one: breaking.place_of(hall(joint), one).stat().st_size)
    breaking.flip(hall(joint), pack, random.Random(1))
    healing = subprocess.Popen(joint.command("heal", f"{OWNER}/common", "--yes", *HALL), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("a snapshot was set aside", lambda: any((joint.target.data / ".quarantine").rglob("snapshots/*")), 120)
    healing.kill()
    healing.wait()
    assert "repository-damaged" in joint.status(code=1)["reasons"]
    joint.run("heal", f"{OWNER}/common", "--yes", *HALL, code=None)
    run = looked(joint, "--full", *HALL)
    assert "snapshot-vanished" not in run["reasons"]
    assert run["damaged"] == []
    assert joint.back_up()["outcome"] == "ok"


def test_a_lost_store_takes_arrivals_from_file_times_and_trusts_no_snapshot_until_it_is_reviewed(joint):
    """F23."""
    run = joint.back_up()
    file = hall(joint) / "snapshots" / run["snapshot"]
    os.utime(file, (1_790_000_000, 1_790_000_000))
    shutil.rmtree(joint.state)
    found = looked(joint, *HALL, code=1)
    assert (found["outcome"], found["reasons"]) == ("partial", ["unregistered", "clock"]), "it claims a time after its file's"
    (snapshot,) = joint.run("snapshots", "bookit")
    assert (snapshot["state"], snapshot["arrival_at"][:10]) == ("unregistered", "2026-09-21")
    refused = joint.run("prune", "bookit", *HALL, code=None)
    assert file.exists(), refused
    joint.run("snapshots", "accept", run["snapshot"], "--reason", "looked at after the store was lost")
    assert looked(joint, *HALL, code=0)["outcome"] == "ok"
    (snapshot,) = joint.run("snapshots", "bookit")
    assert snapshot["state"] == "usable"


@pytest.mark.slow
@pytest.mark.level("plain")
def test_no_room_for_a_drill_is_could_not_be_held_and_no_failed_backup(joint):
    """F24."""
    joint.back_up()
    joint.copy()
    scratch = joint.state / "backup" / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(scratch)], check=True)
    try:
        ended = joint.start("drill", "bookit")
        assert ended.returncode == 3
        assert "are free" in ended.stderr
    finally:
        subprocess.run(["umount", str(scratch)], check=True)
    assert joint.status(code=None)["last_outcome"] == "ok"
    assert joint.run("proof") == []


@pytest.mark.slow
def test_an_encrypted_source_is_suspect_copied_faithfully_and_moves_no_recovery_point(joint):
    """F13, F15: a tenth of all files a day, then the rest at once, by a real cipher; the copy at the disaster site outlasts what happens to the hall's."""
    import random

    key = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    recipient = next(line.rpartition(" ")[2] for line in key.splitlines() if "public key" in line)

    def encrypt(path, name):
        locked = subprocess.run(["age", "--recipient", recipient], input=path.read_bytes(), capture_output=True, check=True).stdout
        path.rename(path.with_name(name)).write_bytes(locked)

    words, rng = ["bok", "lan", "hylla", "namn", "gata"], random.Random(1)
    for number in range(120):
        (joint.source / f"dokument-{number:03d}.txt").write_text(" ".join(rng.choice(words) for _ in range(2000)))
    for day in range(8):
        (joint.source / f"dokument-{day:03d}.txt").write_text(" ".join(rng.choice(words) for _ in range(2000 + day)))
        joint.back_up()
    left, days = sorted(joint.source.glob("*.txt")), 0
    told = False
    while not told and days < 3:
        for path in left[:17]:
            encrypt(path, path.name)
        left, days = left[17:], days + 1
        before = joint.status(code=None)["sites"][0]["recovery_point_at"]
        told = "anomaly" in joint.back_up(code=None)["reasons"]
    assert told, "a tenth a day is told within three runs"
    for path in left:
        encrypt(path, f"{path.stem}.locked")
    run = joint.back_up(code=1)
    assert "anomaly" in run["reasons"]
    status = joint.status(code=1)
    assert (status["sites"][0]["recovery_point_at"], status["retention_held"]) == (before, True)
    copied = joint.copy(code=None)
    assert (copied["copied"], copied["missing"]) == (9 + days, 0)
    newest = [one for one in joint.run("snapshots", "bookit") if one["site"] == "hall-are" and one["state"] == "usable"]
    assert len(newest) == 8 + days - 1
    (hall(joint) / "snapshots" / newest[0]["original"]).unlink()
    joint.copy(code=None)
    assert (joint.disaster / OWNER / "common" / "snapshots" / newest[0]["id"]).exists(), "a copy removes nothing"
    assert joint.drill("--level", "2")["passed"] is True
