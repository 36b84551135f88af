"""Volumes become readings that leave a gap rather than a smaller sum; metrics leave out what is undetermined."""

from datetime import timedelta

from samdrift.backup.metrics import METRICS, backup_samples, repository_samples, run_samples
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
    state = judged(record, **objectives)
    samples = [*backup_samples(BACKUP, "ostersund", state), *(one for site in state.sites for one in repository_samples("ostersund", "ostersund/common", site))]
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


def test_runs_are_counted_by_outcome_and_the_newest_tells_how_long_it_took():
    from dataclasses import replace

    older = replace(run(), id="K-0", started_at=run().started_at - timedelta(days=1), ended_at=run().ended_at + timedelta(hours=9))
    found = {(one.metric, one.labels.get("outcome")): one.value for one in run_samples({("ostersund", "bookit", "run", "ok"): 12_000}, [run(), older])}
    assert found["samdrift_backup_runs_total", "ok"] == 12_000
    assert found["samdrift_backup_run_duration_seconds", None] == (run().ended_at - run().started_at).total_seconds()


def test_what_a_person_must_look_at_is_told_and_what_was_never_looked_at_is_absent():
    from dataclasses import replace

    from samdrift.backup.care_metrics import METRICS as CARE
    from samdrift.backup.care_metrics import integrity_samples, looked_samples
    from samdrift.backup.looked import Looked, SiteLook
    from samdrift.model.backup_run import BackupReason, Damage

    check = replace(run(), action="check", damaged=(Damage("data/aa"),), keys_unknown=("ab",), reasons=(BackupReason.KEY_UNKNOWN,))
    site = SiteLook("hall", check=check, prune=replace(run(), action="prune"))
    samples = [*looked_samples("ostersund", "bookit", Looked((site,), "open", ("new",), ("hall",), held=True), run(), None), *integrity_samples("ostersund", "ostersund/common", site)]
    declared = {spec.name: set(spec.labels) for spec in CARE}
    assert all(set(one.labels) == declared[one.metric] for one in samples)
    found = {(one.metric.removeprefix("samdrift_backup_"), one.labels.get("reason") or one.labels.get("action")): one.value for one in samples}
    assert (found["damaged_objects", None], found["keys_unknown", None], found["anomaly", None], found["retention_held", None]) == (1, 1, 1, 1)
    assert (found["problem", "key-unknown"], found["problem", "snapshot-vanished"], found["last_run_ok", "prune"]) == (1, 1, 1)
    never = list(integrity_samples("ostersund", "ostersund/common", SiteLook("hall")))
    assert [(one.metric, one.value) for one in never] == [("samdrift_backup_checked_timestamp_seconds", 0)]
    assert not [one for one in looked_samples("ostersund", "bookit", Looked((), "undetermined"), None, None) if one.metric.endswith("anomaly")]


def test_a_target_that_fills_has_a_date_and_a_quota_its_steps():
    from datetime import timedelta

    from samdrift.backup.care_metrics import filling_samples
    from samdrift.backup.quota import owner_filling, target_filling
    from samdrift.model.volume import RepositoryDay, TargetDay

    days = [AT + timedelta(days=number) for number in range(5)]
    targets = target_filling(TargetDay("hall", day.date(), "hall", day, 0, 100 - 10 * number, 200) for number, day in enumerate(days))
    assert (targets["hall"].full_at, targets["hall"].used_bytes, targets["hall"].step_percent) == (days[-1] + timedelta(days=6), 140, None)
    owners = owner_filling((RepositoryDay("hall", f"bracke/{name}", day.date(), "bracke", day, 20 * (number + 1)) for number, day in enumerate(days) for name in ("a", "b")), {"hall": {"bracke": 210}})
    assert (owners["bracke", "hall"].used_bytes, owners["bracke", "hall"].step_percent) == (200, 95)
    told = {(one.metric.removeprefix("samdrift_backup_"), one.labels.get("member")): one.value for one in filling_samples(targets, owners)}
    assert (told["target_free_bytes", None], told["target_size_bytes", None], float(told["quota_ratio", "bracke"])) == (60, 200, 200 / 210)
    still = target_filling(TargetDay("hall", day.date(), "hall", day, 0, 100, 200) for day in days)
    assert still["hall"].full_at is None
    assert target_filling([TargetDay("hall", AT.date(), "hall", AT, 5, None, None)]) == {}
