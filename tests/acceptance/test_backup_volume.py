"""Every byte on a target is somebody's: owners sum to the target's total, strangers' junk is unassigned, a day measured twice is one day (backup.md B19)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from samdrift.adapters.clock import now
from samdrift.backup.repository import members_of, owner_of
from samdrift.model.period import local_day
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.measure_backups import measure_backups
from samdrift.operations.report_backups import backup_section
from samdrift.operations.run_backup import run_backup
from samdrift.store import backup_volumes, open_store
from tests.contracts.folders import ROOT


@pytest.fixture
def measured(tmp_path, program):
    program("restic", "restic")
    at = now()
    inventory = load_inventory(ROOT / "inventory", at=at)
    with open_store(tmp_path / "state", create=True) as store:
        run_backup(inventory, store, "samdrift-store", viewer=OPERATIONS)
        junk = tmp_path / "state" / "backup" / "hall" / "nobody" / "common"
        junk.mkdir(parents=True)
        (junk / "config").write_bytes(b"x" * 1000)
        (junk.parent / "left.bin").write_bytes(b"y" * 77)
        for _ in range(2):
            readings, missing = measure_backups(inventory, store, at=now())
        yield store, readings, missing, at


def test_owners_sum_to_the_targets_total_and_nothing_is_nobodys_unseen(measured):
    store, readings, missing, at = measured
    since = local_day(at - timedelta(days=1))
    with store.read() as connection:
        rows = backup_volumes.repository_days(connection, viewer=OPERATIONS, since=since)
        targets = {one.site: one for one in backup_volumes.target_days(connection, viewer=OPERATIONS, since=since)}
        assert backup_volumes.repository_days(connection, viewer=member_viewer("bracke"), since=since) == ()
    here = [one for one in rows if one.site == "hall-ostersund"]
    assert sum(one.stored_bytes for one in here) == targets["hall-ostersund"].stored_bytes
    assert {one.repository: one.stored_bytes for one in here if one.owner == "unassigned"} == {"nobody/common": 1000, "unassigned/hall": 77}
    assert 0 < targets["hall-ostersund"].free_bytes < targets["hall-ostersund"].size_bytes
    assert missing == ()
    found = {(one.meter, one.resource): (one.member, one.quantity) for one in readings}
    assert found["backup-volume", "nobody/common"] == ("unassigned", 1000)
    assert found["backup-volume", "shared-samdrift-store/common"][1] > 0
    assert found["backup-added", "shared-samdrift-store/common"][1] > 0
    assert found["backup-protected", "samdrift-store"][1] > 0


def test_a_members_report_has_the_volumes_of_joint_services_it_has_a_part_in_and_of_no_others(measured):
    store, _, _, at = measured
    inventory = load_inventory(ROOT / "inventory", at=at)
    backups = inventory.backups.values()
    theirs = sorted({owner_of(inventory, inventory.services[one.service]) for one in backups if "bracke" not in members_of(inventory, one)})
    mine = {owner_of(inventory, inventory.services[one.service]) for one in backups if "bracke" in members_of(inventory, one)}
    strangers = [owner for owner in theirs if owner not in mine]
    assert any(owner.startswith("shared-") for owner in strangers), "a joint service that Bräcke has no part in"
    assert mine & set(inventory.members) - {"bracke"}, "a service that another member runs for it, in that one's repository"
    with store.read() as connection:
        some = backup_volumes.repository_days(connection, viewer=OPERATIONS, since=local_day(at))[0]
    others = [*strangers, *(mine & set(inventory.members) - {"bracke"})]
    with store.write() as connection:
        backup_volumes.put_days(connection, [replace(some, repository=f"{owner}/common", owner=owner) for owner in (*others, "bracke")], ())
    section = backup_section(inventory, store, "bracke", start=at - timedelta(days=1), end=now() + timedelta(days=1), text=Text("en"))
    (table,) = [table for table in section.tables if table.id == "backup-volumes"]
    assert {(row[0], row[1]) for row in table.rows} == {("bracke/common", some.site), ("shared-samdrift-store/common", "hall-ostersund"), ("shared-samdrift-store/common", "hall-are")}
