"""Owners apart at a real append-only endpoint: twins of a name, ways around, keys, and what a client may still do (backup.md B1, B3, B17, F1)."""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import shutil
import sqlite3
import ssl
import subprocess
from datetime import timedelta

import pytest
import yaml

from samdrift.adapters import rest_repository
from samdrift.adapters.clock import now
from samdrift.model.period import read_instant
from tests.lab.backup_walk import DEVICE, OWNER, USERS, JointBackup, enrolled_in
from tests.lab.parts.backup import BackupTarget, restic

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
TWINS = {"are": "are-canary", "are2": "are2-canary", "ar": "ar-canary"}
WAYS = [
    "/are2/common/{}", "/are/../are2/common/{}", "/are/common/../../are2/common/{}", "/are/%2e%2e/are2/common/{}", "/are/..%2fare2/common/{}", "/are/%252e%252e/are2/common/{}",
    "/are/..%252fare2/common/{}", "/are\\..\\are2/common/{}", "/are/..\\are2\\common/{}", "/are/..%5care2%5ccommon/{}", "//are2/common/{}", "/are//../are2/common/{}", "/./are2/common/{}",
    "/ARE2/common/{}", "/are%32/common/{}", "/are/.%2e/are2/common/{}",
]  # fmt: skip


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    with BackupTarget(folder / "target", users=TWINS) as target:
        for owner in ("are", "are2"):
            (folder / owner).mkdir()
            (folder / owner / "file").write_text("secret of " + owner)
            for words in (["init"], ["backup", str(folder / owner)]):
                done = restic(target.url(owner, "common"), f"{owner}-key", target.ca, *words, folder=folder / owner)
                assert done.returncode == 0, done.stderr
        yield target


def others(target):
    """Every file that is not below the folder of `are`, with its content."""
    return {path: path.read_bytes() for path in target.data.rglob("*") if path.is_file() and path.relative_to(target.data).parts[0] != "are"}


def asked(target, path, login, *, method="GET", body=None):
    """One request as it is written, nothing made tidy; gives status, body and where a redirect points."""
    host, port = target._at("write").split(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=10, context=ssl.create_default_context(cafile=str(target.ca)))
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in rest_repository._login(*login).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheader("Location")
    finally:
        connection.close()


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_writing_a_path_leads_to_another_owner(twins, way):
    login = ("are", TWINS["are"])
    (snapshot,) = [path.name for path in twins.files("snapshots") if path.relative_to(twins.data).parts[0] == "are2"]
    held = others(twins)
    for what in ("config", "snapshots/", "keys/", f"snapshots/{snapshot}"):
        path, seen = way.format(what), 0
        while path is not None and seen < 5:  # redirects are followed as a careless client would
            status, body, path = asked(twins, path, login)
            seen += 1
        assert status in {400, 401, 403, 404, 405}, (way, what, status, body[:80])
        assert snapshot.encode() not in body
    content = secrets.token_bytes(50)
    for what in ("locks/", "data/", "snapshots/", "keys/"):
        asked(twins, way.format(what + hashlib.sha256(content).hexdigest()), login, method="POST", body=content)
        asked(twins, way.format(f"snapshots/{snapshot}"), login, method="DELETE")
    assert others(twins) == held, "what is written lies below its writer's own root, whatever it is called"


def test_a_name_that_begins_like_another_reads_nothing_of_it(twins):
    for user in ("ar", "are2"):
        for what in ("config", "snapshots/", "keys/", "data/"):
            assert asked(twins, f"/are/common/{what}", (user, TWINS[user]))[0] in {401, 403}, (user, what)
    assert asked(twins, "/are/common/config", (None, None))[0] == 401


def test_one_owners_key_opens_no_others_repository(twins, tmp_path):
    done = restic(twins.url("are2", "common"), "are-key", twins.ca, "snapshots", folder=tmp_path)
    assert done.returncode == 1
    assert "wrong password or no key found" in done.stderr


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory):
    return enrolled_in(tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def joint(enrolled, tmp_path):
    shutil.copytree(enrolled, tmp_path / "target" / "data")
    with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        yield JointBackup(tmp_path, target).make()


def test_only_locks_may_be_removed_or_nothing(joint):
    joint.back_up()
    location, ca = f"rest:https://{OWNER}:first-canary@{joint.target._at('write')}/{OWNER}/common", str(joint.target.ca)
    content = b"a lock"
    name = f"locks/{hashlib.sha256(content).hexdigest()}"
    assert rest_repository.ask(location, name, ca, method="POST", body=content).status == 200
    assert rest_repository.ask(location, name, ca, method="DELETE").status == 200
    pulled = f"rest:https://pull:third-canary@{joint.target._at('read')}/{OWNER}/common"
    assert rest_repository.ask(pulled, "config", ca).status == 200
    for method in ("POST", "DELETE"):
        for what in ("config", name, next(f"snapshots/{one}" for one in rest_repository.objects(pulled, ca)["snapshots"])):
            assert rest_repository.ask(pulled, what, ca, method=method, body=content if method == "POST" else None).status not in {200, 201}, (method, what)


def test_keys_are_listed_sealed_and_proved_where_the_repository_is_reached_over_its_target_alone(joint):
    """A key can be added through the append-only endpoint and never removed: that is the storage host's."""
    targets = yaml.safe_load((joint.inventory / "backup-targets.yml").read_text())
    targets["backup-targets"][0]["escrow"] = ["age:region-jh/1", "age:ostersund/1"]
    (joint.inventory / "backup-targets.yml").write_text(yaml.safe_dump(targets))
    for name in ("region-jh-1", "ostersund-1"):
        made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
        (joint.folder / name).write_text(made)
        (joint.inventory / "files" / "escrow" / f"{name}.txt").write_text(next(line.split(": ")[1] for line in made.splitlines() if line.startswith("# public key")) + "\n")
    joint.back_up()
    joint.check("--site", "hall-ostersund")
    far, storage, path = ("--device", DEVICE), ("--device", "hall-backup-1"), f"{OWNER}/common"
    (own,) = joint.run("keys", "list", *far)
    assert (own["kind"], own["site"], own["status"]) == ("own", "hall-ostersund", "ok")
    (first,) = [one for one in joint.run("keys", "escrow", path, *far) if one["kind"] == "escrow"]
    assert first["present_at"] is not None
    assert joint.run("keys", "prove", path, "--identity", str(joint.folder / "ostersund-1"), *far)[0]["status"] == "ok"
    refused = joint.here("keys", "rotate", path, *far)
    assert (refused.returncode, "run it on the storage host" in refused.stderr) == (2, True), refused.stderr
    assert {one["key"] for one in joint.run("keys", "list", *far)} == {own["key"], first["key"]}, "nothing was made"
    assert first["key"] not in {one["key"] for one in joint.run("keys", "rotate", path, *storage)}
    joint.target.stop()
    (unseen,) = joint.run("keys", "list", *far, code=3)
    assert (unseen["status"], unseen["key"]) == ("undetermined", None)
    assert {one["kind"] for one in joint.run("keys", "list", *storage)} == {"own", "escrow"}


def test_an_arrival_is_the_storages_time_and_not_ours(joint):
    """Over rclone it is the endpoint's clock, in whole seconds; where the folder is on this machine it is the file's own time."""
    began = now()
    snapshot = joint.back_up()["snapshot"]
    file = joint.target.data / OWNER / "common" / "snapshots" / snapshot
    (came,) = [read_instant(one["arrival_at"]) for one in joint.run("snapshots", "bookit")]
    assert (came.microsecond, began - timedelta(seconds=2) <= came <= now()) == (0, True)
    joint.copy()
    (copied,) = [one for one in joint.run("snapshots", "bookit") if one["site"] == "hall-are"]
    written = (joint.disaster / OWNER / "common" / "snapshots" / copied["id"]).stat().st_mtime
    assert abs(read_instant(copied["arrival_at"]).timestamp() - written) < 0.001
    os.utime(file, (1, 1))
    joint.back_up()
    assert came in [read_instant(one["arrival_at"]) for one in joint.run("snapshots", "bookit")], "touching moves nothing"


def test_no_planted_secret_is_in_a_log_a_metric_a_report_or_the_state_folder(joint):
    """The canaries are looked for in everything that the walk leaves behind, also after it went wrong."""
    joint.back_up()
    joint.copy()
    joint.drill()
    (joint.secret_folder / "ostersund" / "backup").write_text("wrong-login-canary")
    joint.secrets["wrong"] = "wrong-login-canary"
    assert joint.back_up(code=1)["reasons"] == ["refused"]
    (joint.secret_folder / "ostersund" / "backup").write_text("first-canary")
    metrics = subprocess.run(
        [*joint.command()[:-1], "report", "member", "--member", OWNER, "--month", "2026-10", "--draft", "--format", "html", "--out", str(joint.folder / "report")],
        capture_output=True, check=False, env=joint.environment(), timeout=120,
    )  # fmt: skip
    left = {path: path.read_bytes() for top in (joint.state, joint.folder / "report") if top.exists() for path in top.rglob("*") if path.is_file()}
    said = metrics.stdout + metrics.stderr
    for name, secret in joint.secrets.items():
        assert [str(path) for path, data in left.items() if secret.encode() in data] == [], name
        assert secret.encode() not in said


# --- locks by lease
def test_a_lock_is_cleared_by_its_lease_alone_and_by_its_name(joint):
    joint.back_up()
    locks = joint.target.data / OWNER / "common" / "locks"
    names = [hashlib.sha256(text).hexdigest() for text in (b"dead", b"alive")]
    for name, text in zip(names, (b"dead", b"alive"), strict=True):
        (locks / name).write_bytes(text)
    seen = joint.run("locks", "bookit", "--device", DEVICE)
    assert [(one["stale"], one["removed"]) for one in seen if one["id"]] == [(False, False)] * 2
    with sqlite3.connect(joint.state / "samdrift.sqlite") as store:
        store.execute("UPDATE backup_lock SET first_seen_at = first_seen_at - 601 * 1000000 WHERE lock = ?", (names[0],))
    stale = joint.run("locks", "bookit", "--device", DEVICE, code=1)
    assert {one["id"]: one["stale"] for one in stale if one["id"]} == {names[0]: True, names[1]: False}
    cleared = joint.run("locks", "bookit", "--clear-stale", "--device", DEVICE)
    assert {one["id"]: one["removed"] for one in cleared if one["id"]} == {names[0]: True, names[1]: False}
    assert [path.name for path in locks.iterdir()] == [names[1]]


def test_no_lock_is_stale_while_a_run_that_was_handed_out_is_open(joint):
    joint.start("hand-out", "bookit", "--device", DEVICE)
    name = hashlib.sha256(b"x").hexdigest()
    (joint.target.data / OWNER / "common" / "locks" / name).write_bytes(b"x")
    joint.run("locks", "bookit", "--device", DEVICE)
    with sqlite3.connect(joint.state / "samdrift.sqlite") as store:
        store.execute("UPDATE backup_lock SET first_seen_at = first_seen_at - 3600 * 1000000")
        store.execute("UPDATE run SET host = 'ost-lib-1'")
    (found,) = [one for one in joint.run("locks", "bookit", "--clear-stale", "--device", DEVICE) if one["id"]]
    assert (found["run_alive"], found["stale"], found["removed"]) == (True, False, False)


# --- a full target
@pytest.mark.slow
@pytest.mark.level("plain")
def test_a_full_target_is_told_as_full_and_nothing_is_deleted_to_make_room(enrolled, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=True)
    try:
        shutil.copytree(enrolled, disk / "data")
        with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}, data=disk / "data") as target:
            joint = JointBackup(tmp_path, target).make()
            joint.back_up()
            held = sorted(path.name for path in target.files("snapshots"))
            targets = joint.inventory / "backup-targets.yml"
            targets.write_text(yaml.safe_dump({"backup-targets": [{**one, "ballast": "8 MiB"} if one["id"] == "hall" else one for one in yaml.safe_load(targets.read_text())["backup-targets"]]}))
            assert joint.run("ballast", "hall", "--device", "hall-backup-1")[0]["done"] is True
            (joint.source / "stor").write_bytes(os.urandom(30_000_000))
            run = joint.back_up(code=1)
            assert (run["outcome"], run["reasons"]) == ("failed", ["target-full"])
            assert sorted(path.name for path in target.files("snapshots")) == held
            (held_back,) = joint.run("ballast", "hall", "--free", "--device", "hall-backup-1")
            assert (held_back["held_bytes"], held_back["free_bytes"] < 16 << 20) == (8 << 20, True)
            (joint.source / "stor").unlink()
            assert joint.back_up()["outcome"] == "ok"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
