"""Damage in real repositories: named to the object, the file and the backup, and healed from the other site (backup.md B4, B14, B15, F4-F6, F18-F20)."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from samdrift.adapters.clock import now
from samdrift.backup.care_metrics import DAMAGED
from samdrift.model.finding import Subject
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.sample_backups import sample
from samdrift.store import findings, open_store
from tests.lab import repository_breaking as breaking
from tests.lab.backup_walk import OWNER, USERS, JointBackup, end, enrolled_in, locked_by, seen_long_ago
from tests.lab.parts.backup import BackupTarget, restic

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
HALL = ("--device", "hall-backup-1", "--site", "hall")
ARE = ("--device", "are-backup-1", "--site", "hall-are")


class Broken(JointBackup):
    """Two runs, copied; `hall` and `are` are the repositories' folders."""

    @property
    def hall(self):
        return self.target.data / OWNER / "common"

    @property
    def are(self):
        return self.disaster / OWNER / "common"

    def looked(self, *where, full=True, code=None):
        (run,) = self.run("check", "bookit", *(["--full"] if full else []), *where, code=code)
        return run

    def scanned(self, *where, code=None):
        (run,) = self.run("check", "bookit", "--keyless", *where, code=code)
        return run

    def healed(self, *where, code=0):
        (run,) = self.run("heal", f"{OWNER}/common", "--yes", *where, code=code)
        return run


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A folder with two runs of bookit, both copied: every test begins with it."""
    folder = tmp_path_factory.mktemp("walked")
    data = enrolled_in(folder / "enrolled")
    shutil.copytree(data, folder / "target" / "data")
    with BackupTarget(folder / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        joint = Broken(folder, target).make()
        for number in range(6):
            (joint.source / f"stor-{number}").write_bytes(os.urandom(3_500_000))
        joint.back_up()
        (joint.source / "stor-ny").write_bytes(os.urandom(2_000_000))
        joint.back_up()
        assert joint.copy()["copied"] == 2
        for site in (HALL, ARE):
            assert joint.looked(*site, code=0)["outcome"] == "ok"
    return folder


@pytest.fixture
def joint(walked, tmp_path):
    """The same at a place of its own. The inventory and the store name no place but the target's address and folders, which are made anew."""
    shutil.copytree(walked / "target" / "data", tmp_path / "target" / "data")
    with BackupTarget(tmp_path / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        made = Broken(tmp_path, target).make(source=walked / "srv" / "bookit")
        shutil.copytree(walked / "state", made.state)
        shutil.copytree(walked / "disaster", made.disaster)
        for root in (made.hall, made.are):
            breaking.writable(root)
        yield made


def damaged_objects(joint):
    """What the exporter says of the hall's repository, and how the stored finding of bookit there stands."""
    with open_store(joint.state) as store:
        samples = sample(load_inventory(joint.inventory), store, at=now())
        (count,) = [one.value for one in samples if one.metric == DAMAGED.name and (one.labels["repository"], one.labels["site"]) == (f"{OWNER}/common", "hall-ostersund")]
        with store.read() as connection:
            found = findings.current(connection, viewer=OPERATIONS, checks=["backup-integrity"], subjects=[Subject("backup", "bookit", "hall-ostersund")])
    return count, [one.status.value for one, _ in found if one.subject.part == "hall-ostersund"]


def named(run):
    return sorted(one["object"] for one in run["damaged"])


def pack_of(root, rng):
    """A large pack: data, not folders."""
    return rng.choice([one for one in breaking.objects(root, "data") if breaking.place_of(root, one).stat().st_size > 100_000])


# --- packs
def test_a_flipped_pack_is_named_with_its_files_and_healed_from_the_other_site(joint):
    pack = pack_of(joint.hall, random.Random(4))
    breaking.flip(joint.hall, pack, random.Random(4))
    run = joint.looked(*HALL, code=1)
    assert (run["reasons"], named(run)) == (["repository-damaged"], [pack])
    (damage,) = run["damaged"]
    assert (damage["backups"], damage["members"]) == (["bookit"], ["krokom", "ostersund"])
    assert damage["files"]
    assert all(path.startswith(str(joint.source)) for path in damage["files"])
    (plan,) = joint.run("heal", f"{OWNER}/common", "--dry-run", *HALL, code=0)
    assert (named(plan), plan["outcome"]) == ([pack], "planned")
    assert breaking.place_of(joint.hall, pack).exists()
    assert named(joint.scanned(*HALL, code=1)) == [pack]
    assert damaged_objects(joint) == (1, [])
    killed, lock = locked_by(joint.hall / "locks")
    end(killed)
    assert joint.here("heal", f"{OWNER}/common", "--yes", *HALL).returncode == 75
    assert breaking.place_of(joint.hall, pack).exists(), "nothing is done while a lock stands whose lease is not over"
    seen_long_ago(joint, lock)
    healed = joint.healed(*HALL)
    assert not (joint.hall / "locks" / lock).exists()
    assert damaged_objects(joint) == (0, ["ok"]), "the record is true before the next check"
    assert (healed["outcome"], healed["action"], healed["damaged"]) == ("ok", "heal", [])
    aside = [path.name for path in (joint.target.data / ".quarantine").rglob("*") if path.is_file()]
    assert pack.partition("/")[2] in aside
    assert joint.looked(*HALL, code=0)["outcome"] == "ok"
    assert joint.copy()["copied"] == 0, "what came back is not copied once more"
    states = joint.run("snapshots", "bookit")
    assert {one["state"] for one in states} == {"usable"}
    assert joint.drill("--site", "hall")["passed"] is True


@pytest.mark.slow
def test_a_pack_that_no_other_site_has_is_listed_as_lost_with_files_and_members(joint):
    shutil.rmtree(joint.disaster)
    pack = pack_of(joint.hall, random.Random(1))
    breaking.gone(joint.hall, pack, random.Random(1))
    run = joint.looked(*HALL, full=False, code=1)
    assert named(run) == [pack]
    healed = joint.healed(*HALL, code=1)
    assert (healed["outcome"], healed["reasons"]) == ("partial", ["repository-damaged"])
    assert healed["damaged"]
    for lost in healed["damaged"]:
        assert lost["object"].startswith("snapshots/")
        assert (lost["backups"], lost["members"]) == (["bookit"], ["krokom", "ostersund"])
        assert lost["files"]
    assert joint.back_up()["outcome"] == "ok", "what the source still has comes back with the next run"


@pytest.mark.slow
def test_the_disaster_site_is_healed_from_the_hall(joint):
    pack = pack_of(joint.are, random.Random(2))
    breaking.cut(joint.are, pack, random.Random(2))
    assert named(joint.looked(*ARE, full=False, code=1)) == [pack]
    assert joint.healed(*ARE)["outcome"] == "ok"
    assert joint.drill()["passed"] is True


@pytest.mark.slow
def test_one_bad_pack_keeps_no_other_snapshot_from_being_copied(joint):
    """restic copies none of several when one pack is bad: here one call a snapshot (B11)."""
    shutil.rmtree(joint.disaster)
    import sqlite3

    with sqlite3.connect(joint.state / "samdrift.sqlite") as store:
        for table in ("backup_snapshot", "backup_look"):
            store.execute(f"DELETE FROM {table} WHERE site = 'hall-are'")
    last = joint.looked(*HALL, code=0)
    assert last["outcome"] == "ok"
    only_new = _pack_of_file(joint, "stor-ny")
    breaking.flip(joint.hall, only_new, random.Random(5))
    run = joint.copy(code=1)
    assert (run["outcome"], run["copied"], run["missing"]) == ("partial", 1, 1)
    assert run["reasons"] == ["repository-damaged", "copy-missing"]


def _pack_of_file(joint, name):
    """The pack that holds a file's content: the only large one that the second run added."""
    return max(breaking.objects(joint.hall, "data"), key=lambda one: breaking.place_of(joint.hall, one).stat().st_mtime_ns * (breaking.place_of(joint.hall, one).stat().st_size > 100_000))


# --- index, config, keys
@pytest.mark.slow
@pytest.mark.parametrize("how", [breaking.flip, breaking.cut, breaking.gone])
def test_a_broken_index_is_named_and_made_anew(joint, how):
    index = max(breaking.objects(joint.hall, "index"), key=lambda one: breaking.place_of(joint.hall, one).stat().st_size)
    how(joint.hall, index, random.Random(6))
    run = joint.looked(*HALL, full=False, code=1)
    assert (run["reasons"], named(run)) == (["repository-damaged"], ["index" if how is breaking.gone else index])
    assert joint.healed(*HALL)["outcome"] == "ok"
    assert joint.looked(*HALL, code=0)["leftover"] == []


@pytest.mark.slow
def test_config_and_keys_that_are_gone_are_told_apart_from_a_wrong_key_and_come_back(joint):
    joint.target.stop()
    (joint.hall / "config").unlink()
    assert joint.looked(*HALL, full=False, code=1)["reasons"] == ["repository-missing"]
    joint.healed(*HALL)
    for key in (joint.hall / "keys").iterdir():
        key.unlink()
    assert joint.looked(*HALL, full=False, code=1)["reasons"] == ["keys-missing"]
    joint.healed(*HALL)
    assert joint.looked(*HALL, code=0)["outcome"] == "ok"


@pytest.mark.parametrize("site", [HALL, pytest.param(ARE, marks=pytest.mark.slow)])
def test_a_damaged_config_is_no_other_repository_and_comes_back_from_its_sealed_copy(joint, site):
    root = joint.hall if site is HALL else joint.are
    breaking.flip_door(root / "config")
    run = joint.looked(*site, full=False, code=1)
    assert (run["outcome"], run["reasons"], named(run)) == ("failed", ["repository-damaged"], ["config"])
    assert {"bookit", "heroma"} <= set(run["damaged"][0]["backups"])
    assert named(joint.scanned(*site, code=1)) == ["config"]
    if site is HALL:
        assert joint.back_up(code=1)["reasons"] == ["repository-damaged"]
    assert joint.healed(*site)["outcome"] == "ok"
    assert joint.looked(*site, code=0)["outcome"] == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("site", [HALL, ARE])
def test_a_damaged_key_is_no_wrong_key_and_comes_back_from_its_sealed_copy(joint, site):
    root = joint.hall if site is HALL else joint.are
    (key,) = (root / "keys").iterdir()
    breaking.flip_door(key)
    run = joint.looked(*site, full=False, code=1)
    assert (run["outcome"], run["reasons"], named(run)) == ("failed", ["repository-damaged"], [f"keys/{key.name}"])
    assert named(joint.scanned(*site, code=1)) == [f"keys/{key.name}"]
    if site is HALL:
        assert joint.back_up(code=1)["reasons"] == ["repository-damaged"]
    assert joint.healed(*site)["outcome"] == "ok"
    assert joint.looked(*site, code=0)["outcome"] == "ok"


def _told(joint, broken):
    """The packs that the other index files tell of."""
    from samdrift.adapters import restic, restic_objects

    indexes = [one.partition("/")[2] for one in breaking.objects(joint.hall, "index") if one != broken]
    return set(restic_objects.packs(restic.Access(str(joint.hall), "hall-key-canary"), indexes)[0])


@pytest.mark.slow
def test_a_daily_check_names_the_pack_of_a_folder_that_does_not_open(joint):
    """restic tells of the folder alone."""
    pack = min(breaking.objects(joint.hall, "data"), key=lambda one: breaking.place_of(joint.hall, one).stat().st_size)
    path = breaking.place_of(joint.hall, pack)
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    run = joint.looked(*HALL, full=False, code=1)
    assert (run["reasons"], named(run)) == (["repository-damaged"], [pack])


@pytest.mark.slow
def test_a_broken_index_hides_neither_a_broken_pack_nor_a_broken_snapshot(joint):
    rng = random.Random(9)
    index = max(breaking.objects(joint.hall, "index"), key=lambda one: breaking.place_of(joint.hall, one).stat().st_size)
    broken = [index, pack_of(joint.hall, rng), rng.choice(breaking.objects(joint.hall, "snapshots"))]
    for one in broken:
        breaking.flip(joint.hall, one, rng)
    run = joint.looked(*HALL, code=1)
    gone = next(one for one in breaking.objects(joint.hall, "data") if one not in broken and one.partition("/")[2] in _told(joint, index))
    breaking.gone(joint.hall, gone, rng)
    run = joint.looked(*HALL, code=1)
    assert (run["reasons"], named(run)) == (["repository-damaged"], sorted([*broken, gone])), "gone by an index that can be read"
    assert all(one["backups"] for one in run["damaged"])
    assert joint.healed(*HALL)["outcome"] == "ok"
    assert joint.looked(*HALL, code=0)["outcome"] == "ok"
    assert {one["state"] for one in joint.run("snapshots", "bookit")} == {"usable"}


@pytest.mark.slow
# --- packs of folders, links, what is gone
def test_a_pack_of_folders_that_lacks_its_last_byte_is_named_with_the_folders_and_healed(joint):
    """Every folder in it can still be read: what the index says of it counts, not what opens."""
    pack = min(breaking.objects(joint.hall, "data"), key=lambda one: breaking.place_of(joint.hall, one).stat().st_size)
    path = breaking.place_of(joint.hall, pack)
    os.truncate(path, path.stat().st_size - 1)
    run = joint.looked(*HALL, code=1)
    assert named(run) == [pack]
    assert run["damaged"][0]["backups"] == ["bookit"]
    assert f"{joint.source}/ (a folder in it cannot be listed)" in run["damaged"][0]["files"]
    assert joint.healed(*HALL)["outcome"] == "ok"
    assert joint.drill("--site", "hall")["passed"] is True


def test_a_link_in_the_place_of_a_pack_is_damage_also_when_it_leads_to_the_right_bytes(joint):
    """No endpoint serves a link."""
    pack = pack_of(joint.hall, random.Random(10))
    path = breaking.place_of(joint.hall, pack)
    path.rename(joint.folder / "elsewhere")
    path.symlink_to(joint.folder / "elsewhere")
    assert named(joint.scanned(*HALL, code=1)) == [pack]
    assert named(joint.looked(*HALL, code=1)) == [pack]
    assert joint.healed(*HALL)["outcome"] == "ok"
    assert not path.is_symlink()


@pytest.mark.slow
def test_a_snapshot_that_is_gone_is_told_at_every_look_until_it_is_healed(joint):
    gone = breaking.objects(joint.hall, "snapshots")[0]
    breaking.place_of(joint.hall, gone).rename(joint.folder / "kept")
    for run in (joint.looked(*HALL, full=False, code=1), joint.scanned(*HALL, code=1), joint.looked(*HALL, full=False, code=1), joint.scanned(*HALL, code=1)):
        assert (run["outcome"], run["reasons"]) == ("failed", ["snapshot-vanished"])
    assert "snapshot-vanished" in joint.status(code=1)["reasons"]
    assert joint.healed(*HALL)["outcome"] == "ok"
    assert joint.looked(*HALL, code=0)["outcome"] == "ok"
    assert [one["state"] for one in joint.run("snapshots", "bookit") if one["site"] == "hall-ostersund"] == ["usable"] * 2


@pytest.mark.slow
def test_a_snapshot_that_was_gone_and_is_back_counts_as_before(joint):
    gone = breaking.objects(joint.hall, "snapshots")[0]
    path = breaking.place_of(joint.hall, gone)
    path.rename(joint.folder / "kept")
    joint.looked(*HALL, full=False, code=1)
    (joint.folder / "kept").rename(path)
    assert joint.looked(*HALL, full=False, code=0)["reasons"] == []
    assert {one["state"] for one in joint.run("snapshots", "bookit")} == {"usable"}


@pytest.mark.slow
# --- what a client may add
def test_a_key_of_nobody_is_named_and_pages(joint):
    (joint.folder / "client").mkdir()
    (joint.folder / "new-key").write_text("canary of a thief")
    added = restic(joint.target.url(OWNER, "common"), "hall-key-canary", joint.target.ca, "key", "add", "--new-password-file", str(joint.folder / "new-key"), folder=joint.folder / "client")
    assert added.returncode == 0, added.stderr
    run = joint.looked(*HALL, full=False, code=1)
    assert (run["outcome"], run["reasons"], len(run["keys_unknown"])) == ("failed", ["key-unknown"], 1)
    (key,) = run["keys_unknown"]
    joint.healed(*HALL)
    assert not (joint.hall / "keys" / key).exists()
    assert joint.looked(*HALL, full=False, code=0)["keys_unknown"] == []


@pytest.mark.parametrize(("folder", "named_right"), [
    ("snapshots", True), ("keys", True), *(pytest.param(*one, marks=pytest.mark.slow) for one in (("snapshots", False), ("keys", False), ("index", True)))
])  # fmt: skip
def test_junk_that_stops_every_run_is_set_aside_and_the_next_run_is_well(joint, folder, named_right):
    junk = breaking.junk(joint.hall, folder, random.Random(7), named_right=named_right)
    if folder == "snapshots":
        assert joint.back_up(code=1)["reasons"] == ["repository-damaged"]
    run = joint.looked(*HALL, full=False, code=1)
    assert (run["outcome"], run["reasons"], run["leftover"], run["damaged"]) == ("partial", ["unregistered"], [junk], [])
    assert [path.name for path in (joint.target.data / ".quarantine").rglob("*") if path.is_file()] == [junk.partition("/")[2]]
    assert joint.back_up()["outcome"] == "ok"
    from samdrift.store import audit

    with open_store(joint.state) as store, store.read() as connection:
        assert [entry.plain["object"] for entry in audit.entries(connection, viewer=OPERATIONS) if entry.plain["verb"] == "quarantine"] == [f"repository:{OWNER}/common"]


@pytest.mark.slow
def test_junk_among_the_keys_that_the_scan_sets_aside_is_no_unknown_key(joint):
    junk = breaking.junk(joint.hall, "keys", random.Random(7), named_right=False)
    run = joint.scanned(*HALL, code=1)
    assert (run["outcome"], run["reasons"], run["leftover"], run["keys_unknown"]) == ("partial", ["unregistered"], [junk], [])


@pytest.mark.slow
def test_a_pack_cut_while_it_was_received_is_a_leftover_and_no_damage(joint):
    junk = breaking.junk(joint.hall, "data", random.Random(8), named_right=False)
    run = joint.looked(*HALL, code=0)
    assert (run["outcome"], run["leftover"], run["damaged"]) == ("ok", [junk], [])
    scan = joint.scanned(*HALL, code=0)
    assert (scan["outcome"], scan["leftover"]) == ("ok", [junk])


@pytest.mark.slow
def test_further_repositories_and_other_files_of_a_client_are_named(joint):
    (joint.hall / "data" / "notes.txt").write_text("x")
    (joint.target.data / OWNER / "mine" / "keys").mkdir(parents=True)
    (joint.target.data / OWNER / "mine" / "config").write_text("x")
    run = joint.scanned(*HALL, code=1)
    assert (run["outcome"], run["reasons"]) == ("partial", ["unregistered"])
    assert run["leftover"] == ["data/notes.txt", f"{OWNER}/mine/"]


# --- ways and places chosen by a seed
WAYS = ("flip", "cut", "gone")


def _break_at_random(joint, seed):
    """Break some objects; gives what must be named as damaged, as leftover, and as vanished."""
    rng = random.Random(seed)
    damaged, leftover, vanished = set(), set(), set()
    for _ in range(rng.randint(1, 3)):
        what = rng.choice(["pack", "pack", "snapshot", "junk-data", "junk-snapshot", "junk-key", "nothing"])
        if what == "pack":
            name = rng.choice(sorted(set(breaking.objects(joint.hall, "data")) - leftover) or ["-"])
            if name in damaged or name == "-":
                continue
            getattr(breaking, rng.choice(WAYS))(joint.hall, name, rng)
            damaged.add(name)
        elif what == "snapshot":
            name = rng.choice(sorted(set(breaking.objects(joint.hall, "snapshots")) - leftover) or ["-"])
            if name in damaged or name == "-":
                continue
            way = rng.choice(WAYS)
            getattr(breaking, way)(joint.hall, name, rng)
            (vanished if way == "gone" else damaged).add(name)
        elif what.startswith("junk"):
            folder = {"junk-data": "data", "junk-snapshot": "snapshots", "junk-key": "keys"}[what]
            leftover.add(breaking.junk(joint.hall, folder, rng, named_right=rng.random() < 0.5))
    return damaged, leftover, vanished


@pytest.mark.parametrize("seed", [11, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (12, 13, 14, 15, 16, 17, 18))])
def test_what_was_broken_at_random_is_named_and_nothing_else(joint, seed):
    print(f"seed {seed}")
    damaged, leftover, vanished = _break_at_random(joint, seed)
    run = joint.looked(*HALL)
    assert (set(named(run)), set(run["leftover"])) == (damaged, leftover), f"seed {seed}: {run['message']}"
    assert ("snapshot-vanished" in run["reasons"]) == bool(vanished)
    assert run["outcome"] == ("failed" if damaged or vanished else "partial" if any(not one.startswith("data/") for one in leftover) else "ok")
    again = joint.looked(*HALL)
    assert set(named(again)) == damaged, f"seed {seed}"
    assert joint.looked(*ARE, code=0)["outcome"] == "ok"
