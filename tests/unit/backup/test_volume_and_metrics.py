"""Volumes become readings that leave a gap rather than a smaller sum; metrics leave out what is undetermined."""

from samdrift.backup.metrics import METRICS, backup_samples, run_samples
from samdrift.backup.volume import RepositoryVolume, protected_readings, volume_readings
from tests.unit.backup.test_freshness import AT, BACKUP, WELL, judged, run

SITES = ("hall", "are")


def test_a_repository_is_the_sum_of_its_sites():
    volumes = [RepositoryVolume("bracke/common", "hall", 10), RepositoryVolume("bracke/common", "are", 7), RepositoryVolume("shared-gis/common", "hall", 1), RepositoryVolume("shared-gis/common", "are", 2)]
    found = volume_readings(volumes, SITES, {"bracke": None}, AT)
    assert [(one.resource, one.member, one.quantity) for one in found] == [("bracke/common", "bracke", 17), ("shared-gis/common", "shared", 3)]


def test_a_site_that_could_not_be_measured_is_a_gap():
    assert volume_readings([RepositoryVolume("bracke/common", "hall", 10)], SITES, {"bracke": None}, AT) == ()


def test_a_repository_of_nobody_is_unassigned():
    (found,) = volume_readings([RepositoryVolume("junk/common", site, 5) for site in SITES], SITES, {"bracke": None}, AT)
    assert found.member == "unassigned"


def test_protected_bytes_are_one_reading_a_backup():
    (found,) = protected_readings({"bookit": ("shared", 99)}, AT)
    assert (found.meter, found.resource, found.quantity, found.at) == ("backup-protected", "bookit", 99, AT)


def values(record=WELL, **objectives):
    samples = list(backup_samples(BACKUP, "ostersund", "ostersund/common", judged(record, **objectives)))
    declared = {spec.name: set(spec.labels) for spec in METRICS}
    assert all(set(one.labels) == declared[one.metric] for one in samples)
    return {(one.metric.removeprefix("samdrift_backup_"), one.labels.get("site") or one.labels.get("objective") or one.labels.get("level")): one.value for one in samples}


def test_a_well_backup_has_its_times_objectives_and_drill():
    found = values()
    assert found["recovery_point_timestamp_seconds", "are"] == int(AT.timestamp()) - 7200
    assert found["objective_seconds", "rpo"] == 28 * 3600
    assert found["up", "hall"] == 1
    assert found["drill_last_passed_timestamp_seconds", "3"] == int(AT.timestamp()) - 86_400
    assert found["copy_missing_snapshots", "are"] == 0


def test_never_succeeded_is_0_and_an_unknown_estimate_is_absent():
    from samdrift.backup.freshness import BackupRecord

    found = values(BackupRecord())
    assert found["last_success_timestamp_seconds", "hall"] == 0
    assert ("restore_estimate_seconds", None) not in found
    assert ("up", "hall") not in found


def test_runs_are_counted_by_outcome():
    found = {(one.metric, one.labels.get("outcome")): one.value for one in run_samples([run(), run()])}
    assert found["samdrift_backup_runs_total", "ok"] == 2
