"""An attack on retention with a client's own credential, on real restic, beside restic's own policies (backup.md B12, B13, F8, F14)."""

import json
import os
import shutil
import subprocess
from datetime import timedelta

import pytest
import yaml

from samdrift.adapters.clock import now
from samdrift.model.viewer import OPERATIONS
from samdrift.store import audit, backups, open_store
from tests.lab.backup_walk import ROOT, JointBackup, end, locked_by, seen_long_ago
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.backup import BackupTarget

pytestmark = pytest.mark.level("plain")
REAL, DEVICE = 4, "hall-backup-1"
POLICIES = (("--keep-daily", "30"), ("--keep-within-daily", "60d"), ("--keep-last", "4"), ("--keep-within", "60d"))


@pytest.fixture
def joint(tmp_path, program):
    program("restic", "restic")
    program("rclone", "rclone")
    with BackupTarget(tmp_path / "target", users={"ostersund": "client-canary"}, readers={"pull": "pull-canary"}) as target:
        made = JointBackup(tmp_path, target).make()
        storage(made)
        yield made.enrol()


def storage(joint):
    """A policy that lets snapshots of the same day go."""
    policy = joint.inventory / "retention-policies.yml"
    lines = [line for line in policy.read_text().splitlines() if "{id: drift" not in line]
    policy.write_text("\n".join([*lines, "  - {id: drift, keep_within: 1 h, daily: 30, minimum: 1, disaster_hold: 30 d}"]) + "\n")


def restic(joint, *arguments, folder=None):
    where = str(folder) if folder else str(joint.target.data / "ostersund" / "common")
    line = ["restic", "--no-cache", "-r", where, "--password-command", "printf hall-key-canary", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


def attack(joint, tmp_path, days=range(REAL, 0, -1)):
    """Real ones of four days, moved back in the store and the repository; then empty fakes that claim 23:59 of the same days. Gives real and fake ids."""
    real = []
    for _ in days:
        (joint.source / f"bok-{len(real):02d}.txt").write_text(f"{len(real)}\n" * 400)
        real.append(joint.back_up()["snapshot"])
    today = now().replace(hour=1, minute=15, second=0, microsecond=0)
    with open_store(joint.state) as store, store.write() as connection:
        for number, one in enumerate(real):
            came = int((today - timedelta(days=REAL - number)).timestamp() * 1e6)
            run = connection.exec_driver_sql("SELECT run FROM backup_snapshot WHERE id = ?", (one,)).scalar()
            connection.exec_driver_sql("UPDATE backup_snapshot SET claimed_at = ?, arrival_at = ?, recovery_point_at = ? WHERE id = ?", (came, came, came, one))
            connection.exec_driver_sql("UPDATE backup_run SET started_at = ?, ended_at = ? WHERE id = ?", (came, came + 1, run))
            connection.exec_driver_sql("UPDATE backup_sign SET at = ? WHERE run = ?", (came, run))
    empty = tmp_path / "tom"
    empty.mkdir()
    for number in range(REAL):
        claimed = (today - timedelta(days=REAL - number)).strftime("%Y-%m-%d 23:59:00")
        restic(joint, "backup", "-q", "--host", "ost-lib-1", "--tag", "backup=bookit", "--tag", "run=K-0000", "--time", claimed, str(empty))
    fakes = [one["id"] for one in json.loads(restic(joint, "snapshots", "--json")) if one["id"] not in real]
    return real, fakes


def test_all_four_real_ones_stay_where_restics_own_policies_lose_them(joint, tmp_path, capsys):
    real, fakes = attack(joint, tmp_path)
    assert len(fakes) == REAL
    kept = {}
    for option, value in POLICIES:
        copied = tmp_path / option.strip("-")
        shutil.copytree(joint.target.data / "ostersund" / "common", copied)
        for one in real:  # restic judges by the time that a snapshot claims: give the real ones their own days
            redate(copied, one, joint)
        restic(joint, "forget", "-q", "--group-by", "", option, value, folder=copied)
        left = {one["tags"][0] + one["time"] for one in json.loads(restic(joint, "snapshots", "--json", folder=copied)) if "run=K-0000" not in one["tags"]}
        kept[f"{option} {value}"] = len(left)
    joint.copy()
    joint.run("check", "bookit", "--device", "are-backup-1", "--site", "hall-ostersund", code=1)
    refused = joint.run("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE, code=1)
    mine = {one["id"]: one["decision"] for one in refused if one["id"] in real}
    kept["samdrift"] = sum(decision == "keep" for decision in mine.values())
    with capsys.disabled():
        print("\n  of 4 real daily snapshots beside 4 empty fakes stamped 23:59 stay:")
        for name, count in kept.items():
            print(f"    {name:28} {count}")
    assert kept == {"--keep-daily 30": 0, "--keep-within-daily 60d": 0, "--keep-last 4": 2, "--keep-within 60d": 4, "samdrift": REAL}
    assert set(listed(joint)) == {*real, *fakes}


def redate(folder, snapshot, joint):
    """Another time for a snapshot, as it would have been had it been taken that day: `tag` writes a new one, so it is made by backup --time of the restored tree."""
    with open_store(joint.state) as store, store.read() as connection:
        (known,) = [one for one in backups.snapshots(connection, viewer=OPERATIONS, backups=["bookit"], site="hall-ostersund") if one.id == snapshot]
    text = known.claimed_at.strftime("%Y-%m-%d 01:15:00")
    restic(joint, "backup", "-q", "--force", "--host", "ost-lib-1", "--tag", f"{snapshot[:8]}", "--time", text, str(joint.source), folder=folder)
    restic(joint, "forget", "-q", snapshot, folder=folder)


def listed(joint):
    return [one["id"] for one in json.loads(restic(joint, "snapshots", "--json"))]


@pytest.mark.slow
def test_rejected_fakes_go_and_the_real_ones_stay_also_when_fakes_come_every_day(joint, tmp_path):
    real, fakes = attack(joint, tmp_path)
    joint.copy()
    joint.run("check", "bookit", "--device", "are-backup-1", "--site", "hall-ostersund", code=1)
    for one in fakes:
        joint.run("snapshots", "reject", one, "--reason", "ingen känd körning")
    with open_store(joint.state) as store, store.write() as connection:  # they came on the days that they claim
        connection.exec_driver_sql("UPDATE backup_snapshot SET arrival_at = claimed_at WHERE state = 'unusable'")
    joint.check("--site", "hall-ostersund")
    killed, lock = locked_by(joint.target.data / "ostersund" / "common" / "locks")
    end(killed)
    seen_long_ago(joint, lock)  # with it restic forgets nothing
    planned = {one["id"]: one["decision"] for one in joint.run("prune", "bookit", "--site", "hall-ostersund", "--dry-run", code=1)}
    assert {planned[one] for one in fakes} == {"refused"}, "half of all would go, which asks for --accept"
    done = joint.run("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE, "--accept", "bookit")
    decided = {one["id"]: (one["decision"], one["slots"]) for one in done}
    assert {decided[one][0] for one in fakes} == {"forget"}
    assert all(decision == "keep" and slots[0].startswith("day ") for decision, slots in (decided[one] for one in real))
    assert sorted(listed(joint)) == sorted(real)
    again = joint.run("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    assert {one["decision"] for one in again} == {"keep"}
    assert joint.check("--site", "hall-ostersund")[0]["outcome"] == "ok"
    (member,) = [one for one in joint.run("snapshots", "bookit") if one["id"] == real[0]]
    assert (member["state"], member["decision"]) == ("usable", "keep")


def test_prune_waits_for_nobody_and_a_hold_keeps_all(joint, tmp_path):
    joint.back_up()
    lock = joint.state / "locks" / "run-backups:bookit"
    import fcntl

    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        joint.run("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE, code=75)
    locks = joint.target.data / "ostersund" / "common" / "locks"
    (locks / ("ab" * 32)).write_bytes(b"somebody's")
    ended = joint.start("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    assert ended.returncode == 75, ended.stderr
    assert "locked by somebody" in ended.stderr
    os.unlink(locks / ("ab" * 32))
    (held,) = joint.run("hold", "add", "bookit", "--reason", "tvist 4711")
    (status,) = joint.run("status", "bookit", code=None)
    assert status["retention_held"] is True
    (ended,) = joint.run("hold", "remove", held["id"].lower().replace("-", ""), "--reason", "avgjord")
    assert (ended["stands"], joint.run("hold", "list", "bookit")[0]["removed_at"]) == (False, ended["removed_at"])


@pytest.mark.slow
def test_prune_meets_a_pull_in_progress_and_waits_for_nobody(joint):
    """F22: the pull goes on and is whole; prune gives 75 at both sites, and is held when it is over."""
    path = joint.inventory / "backup-targets.yml"
    targets = yaml.safe_load(path.read_text())
    targets["backup-targets"][1]["limit_download"] = "1 MiB/s"
    path.write_text(yaml.safe_dump(targets))
    (joint.source / "stor").write_bytes(os.urandom(16_000_000))
    joint.back_up()
    pulling = subprocess.Popen(joint.command("copy", "bookit", "--device", "are-backup-1"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("the pull has begun", lambda: any((joint.disaster / "ostersund" / "common" / "locks").glob("*")), 120)
    places = {"hall-ostersund": DEVICE, "hall-are": "are-backup-1"}
    for site, device in places.items():
        ended = joint.here("prune", "bookit", "--site", site, "--device", device)
        assert (ended.returncode, "copy-backups:bookit@disaster is running" in ended.stderr) == (75, True), ended.stderr
    assert pulling.poll() is None, "the pull was over before: nothing was shown"
    assert pulling.wait(120) == 0
    for site, device in places.items():
        assert joint.here("prune", "bookit", "--site", site, "--device", device).returncode in {0, 1}


def test_the_storage_host_prunes_with_a_key_of_its_own_and_needs_no_members(joint):
    """B3: the key is made at the first time, known as ours, and opens the repository when the member's key is gone from here."""
    joint.back_up()
    prune = ("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    joint.run(*prune, code=None)
    root, own = joint.target.data / "ostersund" / "common", joint.secret_folder / "ostersund" / "backup-key-storage"
    keys = {path.name for path in (root / "keys").iterdir()}
    assert (len(keys), own.stat().st_mode & 0o777) == (2, 0o600)
    (joint.secret_folder / "ostersund" / "backup-key").write_text("another-key-canary")
    ended = joint.here(*prune)
    (run,) = json.loads(ended.stdout)["runs"]
    assert "wrong-key" not in run["reasons"], run
    assert {path.name for path in (root / "keys").iterdir()} == keys
    (joint.secret_folder / "ostersund" / "backup-key").write_text("hall-key-canary")
    assert joint.run("check", "bookit", "--device", "are-backup-1", "--site", "hall-ostersund")[0]["keys_unknown"] == []
    with open_store(joint.state) as store, store.read() as connection:
        made = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS) if entry.plain["verb"] == "key-added"]
    assert [(one["object"], set(one["after"]["key"]) <= keys) for one in made] == [("repository:ostersund/common@hall", True)]


@pytest.mark.slow
def test_a_member_may_not_prune_and_another_machine_is_told(joint):
    joint.back_up()
    said = joint.start("prune", "bookit", "--device", "ost-lib-1")
    assert (said.returncode, "storage host" in said.stderr) == (2, True)
    command = joint.command("prune", "bookit")
    command[command.index("backup"):command.index("backup")] = ["--as", "ostersund"]
    assert subprocess.run(command, capture_output=True, env=joint.environment()).returncode == 2


def test_prune_removes_the_one_stale_lock_by_name_and_leaves_a_living_one(joint):
    """B17: restic's own unlock removes every lock of a dead process of this machine, however short it has been there."""
    joint.back_up()
    folder = joint.target.data / "ostersund" / "common" / "locks"
    prune = ("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    dead, stale = locked_by(folder)
    end(dead)
    joint.run(*prune, code=75)
    assert [path.name for path in folder.iterdir()] == [stale], "its holder is dead, and its lease is not over"
    seen_long_ago(joint, stale)
    living, held = locked_by(folder)
    try:
        ended = joint.here(*prune)
        assert (ended.returncode, held[:12] in ended.stderr) == (75, True), ended.stderr
        assert [path.name for path in folder.iterdir()] == [held]
    finally:
        end(living)
    with open_store(joint.state) as store, store.read() as connection:
        cleared = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS) if entry.plain["verb"] == "clear-lock"]
    assert [(one["object"], one["after"]["lock"]) for one in cleared] == [("repository:ostersund/common", stale)]


@pytest.mark.slow
def test_what_vanished_or_is_another_repository_stops_pruning(joint, tmp_path):
    joint.back_up()
    second = joint.back_up()["snapshot"]
    root = joint.target.data / "ostersund" / "common"
    os_remove(root / "snapshots" / second)
    refused = joint.start("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    runs = json.loads(refused.stdout)["runs"]
    assert (refused.returncode, runs[0]["reasons"][0]) == (1, "snapshot-vanished")
    joint.run("check", "bookit", "--device", "are-backup-1", "--site", "hall-ostersund", code=1)
    again = joint.start("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE)
    assert again.returncode == 1, "a snapshot that a check has noted as gone is still unexplained"
    joint.run("snapshots", "accept", second, "--reason", "lagret återställt efter diskfel, se incident")
    shutil.rmtree(root)
    restic(joint, "init", "-q")
    changed = json.loads(joint.start("prune", "bookit", "--site", "hall-ostersund", "--device", DEVICE).stdout)["runs"]
    assert "repository-changed" in changed[0]["reasons"]


def os_remove(path):
    path.chmod(0o600)
    path.unlink()
