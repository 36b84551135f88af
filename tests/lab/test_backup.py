"""Backup on real restic through a real append-only endpoint: the walk, and the faults that restic does not tell of (backup.md 8)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from samdrift.adapters import rest_repository
from tests.lab.backup_walk import DEVICE, OWNER, ROOT, USERS, JointBackup, enrolled_in
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.backup import BackupTarget

pytestmark = [pytest.mark.network, pytest.mark.level("user")]


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory):
    return enrolled_in(tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def joint(enrolled, tmp_path):
    shutil.copytree(enrolled, tmp_path / "target" / "data")
    with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        yield JointBackup(tmp_path, target).make()


def test_a_backup_is_pulled_drilled_with_the_primary_stopped_and_proven(joint):
    run = joint.back_up()
    assert (run["outcome"], run["reasons"], run["unreadable"], run["not_comparable"]) == ("ok", [], [], 0)
    assert run["files"] == 48
    assert len(run["manifest_sha256"]) == 64
    (joint.source / "senare.txt").write_text("senare")
    (joint.source / "bok-03.txt").write_text("annat")
    run = joint.back_up()
    assert (run["files"], run["files_new"], run["files_changed"]) == (49, 1, 1), "restic finds the run before by its paths"
    (joint.source / "senare.txt").unlink()
    run = joint.back_up()
    copied = joint.copy()
    assert (copied["outcome"], copied["copied"], copied["missing"]) == ("ok", 3, 0)
    assert joint.copy()["copied"] == 0
    joint.target.stop()
    proof = joint.drill("--level", "3")
    assert (proof["passed"], proof["site"], proof["mismatches"], proof["missing"], proof["surplus"], proof["not_comparable"]) == (True, "hall-are", [], [], [], 0)
    assert proof["files"] == 48
    assert proof["manifest_sha256"] == run["manifest_sha256"]
    sample = joint.drill("--level", "2", "--seed", "3")
    assert (sample["passed"], sample["files"]) == (True, 48)
    assert sample["previous"] == proof["digest"]
    (first, second) = joint.run("proof")
    assert (first["holds"], second["holds"]) == (True, True)
    assert list((joint.state / "backup" / "scratch").iterdir()) == []
    status = joint.status()
    assert (status["rpo_met"], status["rto_met"], status["copies_missing"], status["reasons"]) == (True, True, 0, [])
    assert [site["protection"] for site in status["sites"]] == ["append-only", "pulled"]


def test_the_endpoint_keeps_what_is_there_and_owners_apart(joint):
    joint.back_up()
    location = f"rest:https://{OWNER}:first-canary@{joint.target._at('write')}/{OWNER}/common"
    held = rest_repository.objects(location, str(joint.target.ca))
    for folder in ("data", "index", "snapshots", "keys"):
        name = next(iter(held[folder]))
        assert rest_repository.ask(location, f"{folder}/{name}", str(joint.target.ca), method="DELETE").status in {401, 403}
        assert rest_repository.ask(location, f"{folder}/{name}", str(joint.target.ca), method="POST", body=b"x").status in {401, 403}
    assert rest_repository.ask(location, "config", str(joint.target.ca), method="POST", body=b"x").status in {401, 403}
    other = location.replace(f"{OWNER}:first-canary", "bracke:second-canary")
    for path in ("config", "keys/", "data/", "../ostersund/common/config", "%2e%2e/ostersund/common/config", "%252e%252e/x", "..\\ostersund"):
        answer = rest_repository.ask(other, path, str(joint.target.ca))
        if answer.status == 301:  # what it points to is refused as well
            root, moved = other.partition(f"/{OWNER}/common")[0], answer.body.decode().partition('href="/')[2].partition('"')[0]
            answer = rest_repository.ask(root, moved, str(joint.target.ca))
        assert answer.status in {400, 401, 403, 404}, path
    assert rest_repository.objects(location, str(joint.target.ca)) == held


# --- what restic says 0 to
def test_one_of_two_paths_gone_is_partial_and_moves_no_recovery_point(joint):
    joint.edit(sources=[{"path": str(joint.source), "sentinel": ".mounted"}, {"path": str(joint.folder / "srv" / "gone")}])
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"]) == ("partial", ["source-missing"])
    assert run["snapshot"]
    assert joint.status(code=1)["sites"][0]["recovery_point_at"] is None


def test_a_declared_path_that_is_a_link_fails(joint):
    link = joint.folder / "srv" / "link"
    link.symlink_to(joint.source)
    joint.edit(sources=[{"path": str(link)}])
    assert (joint.back_up(code=1)["reasons"]) == ["source-is-link"]


def test_an_unmounted_and_an_empty_source_fail(joint):
    (joint.source / ".mounted").unlink()
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"], run["snapshot"]) == ("failed", ["source-empty"], None)
    shutil.rmtree(joint.source)
    joint.source.mkdir()
    joint.edit(sources=[{"path": str(joint.source)}])
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"], run["files"]) == ("failed", ["source-empty"], 0)


@pytest.mark.slow
def test_a_source_shrunk_under_half_is_partial(joint):
    joint.back_up()
    for number in range(40):
        (joint.source / f"bok-{number:02d}.txt").unlink()
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"]) == ("partial", ["source-shrunk"])


def test_an_unreadable_file_is_partial_with_its_name(joint):
    secret = joint.source / "bok-07.txt"
    run = _as_nobody(joint, secret) if os.geteuid() == 0 else _refused(joint, secret)
    assert (run["outcome"], run["reasons"], run["unreadable"]) == ("partial", ["source-unreadable"], [str(secret)])
    assert run["snapshot"]


def _refused(joint, secret):
    secret.chmod(0)
    return joint.back_up(code=1)


def _as_nobody(joint, secret):
    """Root reads everything: the run is made without the rights that let it, and the file is another user's."""
    import json

    os.chown(secret, 65534, 65534)
    secret.chmod(0o600)
    command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *joint.command("run", "bookit", "--device", DEVICE)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env={**joint.environment(), "HOME": str(joint.folder)})
    assert ended.returncode == 1, ended.stderr
    return json.loads(ended.stdout)["items"][0]


# --- target and keys
def test_a_wrong_key_is_told_as_such(joint):
    joint.back_up()
    (joint.secret_folder / "ostersund" / "backup-key").write_text("another")
    run = joint.back_up(code=1)
    assert (run["outcome"], run["reasons"]) == ("failed", ["wrong-key"])


@pytest.mark.slow
def test_a_wrong_login_is_refused_and_a_stranger_certificate_not_accepted(joint):
    (joint.secret_folder / "ostersund" / "backup").write_text("another")
    assert joint.back_up(code=1)["reasons"] == ["refused"]
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", joint.inventory / "files" / "backup-ca.pem")
    assert joint.back_up(code=1)["reasons"] == ["certificate"]


def test_a_target_that_is_down_is_unreachable_within_seconds_and_times_stay(joint):
    joint.back_up()
    before = joint.status(code=None)["sites"][0]
    joint.target.stop()
    run = joint.back_up(code=3)
    assert (run["outcome"], run["reasons"]) == ("failed", ["unreachable"])
    after = joint.status(code=1)["sites"][0]
    assert (after["recovery_point_at"], after["last_success_at"], after["up"]) == (before["recovery_point_at"], before["last_success_at"], False)


@pytest.mark.slow
def test_a_target_that_hangs_ends_at_the_deadline_without_a_lock(joint):
    joint.back_up()
    joint.edit(max_duration="5 s", rpo="28 h")
    pids = [process.pid for name, process in joint.target.processes.items() if name == "write"]
    (joint.source / "stor").write_bytes(os.urandom(8_000_000))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        run = joint.back_up(code=3)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    assert run["outcome"] == "failed"
    assert run["reasons"][0] in {"unreachable", "deadline"}
    wait_for("the target answers again", joint.target.ready, 20)
    joint.edit(max_duration="2 h")
    assert joint.back_up()["outcome"] == "ok"


def test_two_runs_at_once_end_with_75_for_the_second(joint):
    (joint.source / "stor").write_bytes(os.urandom(60_000_000))
    first = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    try:
        wait_for("the first run holds the lock", (joint.state / "backup" / "client" / "manifests" / ".bookit.lock").exists, 60)
        first.send_signal(signal.SIGSTOP)  # so that it holds the lock however slow the second is to start
        second = joint.start("run", "bookit", "--device", DEVICE)
        assert second.returncode == 75, second.stderr
    finally:
        first.send_signal(signal.SIGCONT)
        assert first.wait(120) == 0


# --- damage
@pytest.mark.slow
def test_a_flipped_pack_is_found_without_and_with_the_key_and_named(joint):
    joint.back_up()
    joint.copy()
    pack = max((joint.disaster / OWNER).rglob("data/*/*"), key=lambda path: path.stat().st_size)
    pack.chmod(0o600)
    with pack.open("r+b") as opened:
        opened.seek(20)
        held = opened.read(3)
        opened.seek(20)
        opened.write(bytes(byte ^ 0xFF for byte in held))
    (scan,) = joint.check("--keyless", "--site", "hall-are", code=1)
    assert (scan["outcome"], scan["reasons"]) == ("failed", ["repository-damaged"])
    assert pack.name in scan["damaged"][0]["object"]
    assert "bookit" in scan["damaged"][0]["backups"]
    (check,) = joint.check("--full", "--site", "hall-are", code=1)
    assert (check["outcome"], check["reasons"]) == ("failed", ["repository-damaged"])
    assert any(pack.name in one["object"] for one in check["damaged"])
    assert joint.check("--site", "hall")[0]["outcome"] == "ok"


@pytest.mark.slow
def test_slices_turn_until_every_byte_was_read(joint):
    joint.back_up()
    assert joint.check("--site", "hall")[0]["outcome"] == "ok"
    part = joint.status(code=1)["sites"][0]["check_coverage_ratio"]
    assert part != "1000/1000"
    joint.check("--full", "--site", "hall")
    assert joint.status(code=1)["sites"][0]["check_coverage_ratio"] == "1000/1000"


@pytest.mark.slow
def test_a_snapshot_that_vanished_is_told(joint):
    joint.back_up()
    joint.copy()
    (snapshot,) = (joint.disaster / OWNER / "common" / "snapshots").iterdir()
    snapshot.chmod(0o600)
    snapshot.unlink()
    (check,) = joint.check("--site", "hall-are", code=1)
    assert check["reasons"] == ["snapshot-vanished"]


@pytest.mark.slow
def test_a_repository_that_is_gone_is_told_and_not_made_anew(joint):
    joint.back_up()
    shutil.rmtree(joint.target.data / OWNER)
    run = joint.back_up(code=1)
    assert run["reasons"] in (["repository-missing"], ["keys-missing"])  # rclone remembers for a while that a config was there
    joint.run("enrol", OWNER, "--device", DEVICE, code=3)


@pytest.mark.slow
def test_a_drill_without_a_snapshot_or_a_manifest_could_not_be_held(joint):
    joint.run("drill", "bookit", code=3)
    run = joint.back_up()
    joint.copy()
    (joint.state / "backup" / "manifests" / f"{run['id']}.jsonl.gz").unlink()
    joint.run("drill", "bookit", code=3)


@pytest.mark.slow
def test_what_changes_during_a_run_is_not_comparable_and_no_mismatch(joint):
    """A writer that appends all the time: the drill of that snapshot lists it and still passes."""
    moving = joint.source / "moving.log"
    writer = subprocess.Popen(["sh", "-c", f"while :; do echo rad >> '{moving}'; done"])
    try:
        wait_for("the writer writes", moving.exists, 5)
        run = joint.back_up()
    finally:
        writer.kill()
        writer.wait()
    assert run["not_comparable"] >= 1
    joint.copy()
    proof = joint.drill()
    assert (proof["passed"], proof["mismatches"]) == (True, [])
    assert proof["not_comparable"] >= 1


def test_no_secret_stands_in_any_argument_or_environment_while_restic_runs(joint):
    (joint.source / "stor").write_bytes(os.urandom(60_000_000))
    running = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    seen: set[str] = set()
    while running.poll() is None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes()
                if b"restic" in line and b"rclone" not in line:
                    text = line + (process / "environ").read_bytes()
                    seen.add(process.name)
                    assert not [name for name, secret in joint.secrets.items() if secret.encode() in text], text
            except OSError:
                continue
    assert running.returncode == 0
    assert seen, "no restic was seen"


# --- what nobody here made
def _restic(joint, *arguments):
    from tests.lab.parts.backup import restic

    done = restic(joint.target.url(OWNER, "common"), "hall-key-canary", joint.target.ca, *arguments, folder=joint.folder / "client")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_snapshot_of_no_known_run_dated_ahead_moves_no_recovery_point(joint):
    """A client may append: what it adds is named, and freshness does not follow it (F8)."""
    joint.back_up()
    before = joint.status(code=1)["sites"][0]["recovery_point_at"]
    (joint.folder / "client").mkdir()
    _restic(joint, "backup", "--tag", "backup=bookit", "--tag", "run=K-ZZZZ", "--time", "2031-01-01 00:00:00", str(joint.source))
    (check,) = joint.check("--site", "hall", code=1)
    assert (check["outcome"], check["reasons"]) == ("partial", ["unregistered", "clock"])
    assert joint.status(code=1)["sites"][0]["recovery_point_at"] == before
    states = {one["claimed_at"][:4]: one["state"] for one in joint.run("snapshots", "bookit")}
    assert states["2031"] == "unregistered"


@pytest.mark.slow
def test_a_snapshot_that_bears_the_id_of_a_run_that_was_well_is_nobodys_all_the_same(joint):
    """A tag can be written by anyone: the run's own snapshot is known already."""
    run = joint.back_up()
    (joint.folder / "client").mkdir()
    _restic(joint, "backup", "--tag", "backup=bookit", "--tag", f"run={run['id']}", str(joint.source))
    (check,) = joint.check("--site", "hall", code=1)
    assert (check["outcome"], check["reasons"]) == ("partial", ["unregistered"])
    assert {one["state"] for one in joint.run("snapshots", "bookit") if one["id"] != run["snapshot"]} == {"unregistered"}


@pytest.mark.slow
def test_a_copy_stays_what_it_is_when_the_source_has_forgotten_its_original(joint):
    import sqlite3

    first = joint.back_up()
    joint.back_up()
    joint.copy()
    (joint.target.data / OWNER / "common" / "snapshots" / first["snapshot"]).unlink()
    with sqlite3.connect(joint.state / "samdrift.sqlite") as store:
        store.execute("UPDATE backup_snapshot SET vanished_at = 1 WHERE id = ?", (first["snapshot"],))
    assert joint.copy()["outcome"] == "ok"
    assert [one["state"] for one in joint.run("snapshots", "bookit") if one["site"] == "hall-are"] == ["usable", "usable"]


@pytest.mark.slow
def test_a_drill_that_is_killed_leaves_scratch_that_the_next_one_wipes(joint):
    (joint.source / "stor").write_bytes(os.urandom(80_000_000))
    joint.back_up()
    joint.copy()
    scratch = joint.state / "backup" / "scratch"
    drill = subprocess.Popen(joint.command("drill", "bookit"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    wait_for("scratch is filled", lambda: scratch.exists() and any(scratch.glob("*/*")), 60)
    drill.kill()
    drill.wait()
    assert list(scratch.iterdir())
    assert joint.drill()["passed"] is True
    assert list(scratch.iterdir()) == []


def test_an_agent_that_lies_is_not_believed(joint):
    """A host says that its snapshot is there: the controller looks itself."""
    import json

    (job,) = json.loads(joint.start("hand-out", "bookit", "--device", DEVICE).stdout)
    told = {"backup": "bookit", "run": job["run"], "started_at": "2026-11-24T01:30:00Z", "ended_at": "2026-11-24T01:31:00Z", "engine": "restic 0.14.0", "engine_code": 0,
            "snapshot": "ab" * 32, "claimed_at": "2026-11-24T01:30:00Z", "tagged": True,
            "sources": [{"path": str(joint.source), "kind": "dir", "sentinel_before": True, "sentinel_after": True, "stored_kind": "dir", "stored_files": 9, "stored_bytes": 9}]}  # fmt: skip
    given = {"facts": told, "manifest": None}
    ended = subprocess.run(joint.command("take-back"), input=json.dumps(given), capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env=joint.environment())
    assert ended.returncode == 1, ended.stderr
    (run,) = json.loads(ended.stdout)["items"]
    assert (run["outcome"], run["reasons"]) == ("failed", ["not-in-repository"])
    again = subprocess.run(joint.command("take-back"), input=json.dumps(given), capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env=joint.environment())
    assert again.returncode == 2


def test_restic_killed_leaves_a_lock_that_stops_neither_the_next_run_nor_a_check(joint):
    (joint.source / "stor").write_bytes(os.urandom(120_000_000))
    running = subprocess.Popen(joint.command("run", "bookit", "--device", DEVICE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=joint.environment())
    locks = joint.target.data / OWNER / "common" / "locks"
    wait_for("restic holds a lock", lambda: locks.is_dir() and any(locks.iterdir()), 60)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if words[0].endswith(b"restic") and b"backup" in words and parent == running.pid:
            os.kill(int(process.name), signal.SIGKILL)
    assert running.wait(60) == 1
    assert any(locks.iterdir())
    assert joint.back_up()["outcome"] == "ok"
    assert joint.check("--site", "hall")[0]["outcome"] == "ok"
    assert any(locks.iterdir()), "a lock is broken by its lease alone"
