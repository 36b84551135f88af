"""Objectives follow verified recovery points at every site, and only usable snapshots move them."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from samdrift.backup.copies import missing_in
from samdrift.backup.freshness import BackupRecord, WantedSite, judge_backup
from samdrift.backup.rotation import SLICES, coverage_permille, next_slice, slice_of
from samdrift.backup.standing import standing, telling
from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.drill_proof import DrillProof
from samdrift.model.finding import Status
from samdrift.model.nouns.backup import Backup
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot, StoredSnapshot

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
H = timedelta(hours=1)
BACKUP = Backup.model_validate(
    {
        "id": "bookit", "service": "bookit", "device": "lib-1", "sources": ({"path": "/srv/bookit"},), "schedule": "01:30 daily", "max_duration": "2 h",
        "retention": "drift", "drills": {"3": "31 d"},
    }
)  # fmt: skip
SITES = (WantedSite("hall", "primary", "append-only"), WantedSite("are", "disaster", "pulled"))


def snapshot(site, hours, number=1, state="usable"):
    when = AT - hours * H
    return Snapshot(f"{number:02d}" * 32, None if site == "hall" else f"{number:02d}" * 32, "bookit", site, "ostersund", state, when, when, when, "K-1", 10, 1000)


def run(outcome=Outcome.OK, reasons=()):
    return BackupRun("K-1", "bookit", "run", "hall", "ostersund", outcome, reasons, AT - 2 * H, AT - 2 * H)


def look(site, hours=1, up=True, reason=None):
    return RepositoryLook("bookit", site, "ostersund", AT - hours * H, up, reason, "id", 1)


def proof(passed=True, seconds=600, days=1):
    return DrillProof(
        "K-9", "bookit", "are", "ostersund", ("ostersund",), 3, passed, (), "aa", "K-1", "bb", 10, 1000, 10, 0, (), (), (), {}, {}, (), seconds, 1, "ops",
        AT - timedelta(days=days), {"restic": "0.14.0"},
    )  # fmt: skip


WELL = BackupRecord((run(),), (snapshot("hall", 2), snapshot("are", 2)), (look("hall"), look("are")), (proof(),))


def judged(record=WELL, rpo=28 * 3600, rto=3600):
    return judge_backup(BACKUP, SITES, record, (rpo, rto), AT)


def test_a_backup_at_both_sites_within_its_objectives_and_drilled_is_well():
    found = judged()
    assert (found.status, found.rpo_met, found.rto_met, found.rpo_age_seconds, found.restore_estimate_seconds) == (Status.OK, True, True, 7200, 600)


def test_the_oldest_sites_recovery_point_decides():
    found = judged(replace(WELL, snapshots=(snapshot("hall", 2, 2), snapshot("hall", 40), snapshot("are", 40))))
    assert (found.rpo_met, found.status, found.copies_missing) == (False, Status.FAILURE, 1)
    assert BackupReason.COPY_MISSING in found.reasons


@pytest.mark.parametrize("state", ["partial", "suspect", "unregistered", "unusable"])
def test_only_a_usable_snapshot_moves_the_recovery_point(state):
    found = judged(replace(WELL, snapshots=(snapshot("hall", 1, 2, state), snapshot("are", 1, 2, state), *WELL.snapshots)))
    assert found.rpo_age_seconds == 7200


def test_a_backup_that_never_ran_is_a_failure():
    assert judged(BackupRecord()).status is Status.FAILURE


def test_an_unreached_repository_keeps_its_times_and_is_undetermined():
    found = judged(replace(WELL, looks=(look("hall"), look("are", up=False, reason=BackupReason.UNREACHABLE))))
    assert (found.status, found.rpo_age_seconds, found.reasons) == (Status.UNDETERMINED, 7200, (BackupReason.UNREACHABLE,))


def test_a_look_too_long_ago_says_nothing_of_today():
    assert judged(replace(WELL, looks=(look("hall", 40), look("are", 40)))).status is Status.UNDETERMINED


def test_the_restore_estimate_grows_with_the_data_and_never_shrinks():
    bigger = replace(WELL, snapshots=(replace(snapshot("hall", 2), size_bytes=10_000), replace(snapshot("are", 2), size_bytes=10_000)))
    assert judged(bigger).restore_estimate_seconds == 6000
    assert judged(bigger).rto_met is False
    smaller = replace(WELL, snapshots=(replace(snapshot("hall", 2), size_bytes=1), replace(snapshot("are", 2), size_bytes=1)))
    assert judged(smaller).restore_estimate_seconds == 600


def test_without_a_passed_drill_the_rto_is_undetermined_and_the_drill_overdue():
    found = judged(replace(WELL, proofs=(proof(passed=False),)))
    assert (found.rto_met, found.restore_estimate_seconds, found.status) == (None, None, Status.WARNING)
    assert BackupReason.DRILL_OVERDUE in found.reasons


def test_a_drill_older_than_its_interval_is_overdue():
    assert judged(replace(WELL, proofs=(proof(days=32),))).status is Status.WARNING


def test_missing_copies_are_found_by_origin_and_come_newest_first():
    def stored(number, original=None):
        return StoredSnapshot(f"{number:02d}" * 32, original, AT + number * H, ())

    there = [replace(stored(7), original=stored(1).id)]
    assert [one.id[:2] for one in missing_in([stored(1), stored(2), stored(3)], there)] == ["03", "02"]


def test_slices_are_read_in_turn_and_coverage_counts_bytes_of_today():
    read = {}
    for day in range(SLICES):
        assert next_slice(read) == day + 1
        read[next_slice(read)] = AT + timedelta(days=day)
    assert next_slice(read) == 1
    packs = {f"{number:02x}{'0' * 62}": 10 for number in range(256)}
    assert coverage_permille(packs, read, AT + timedelta(days=27)) == 1000
    assert coverage_permille(packs, {slice_of(next(iter(packs)), SLICES): AT}, AT) == 1000 * 10 // 256
    assert coverage_permille(packs, read, AT + timedelta(days=60)) == 0
    assert coverage_permille({}, {}, AT) == 1000


# --- what checks and scans found
DAMAGED, STRANGE_KEY = BackupReason.REPOSITORY_DAMAGED, BackupReason.KEY_UNKNOWN


def checked(kind, hours, *reasons, site="hall", outcome=None, objects=(), leftover=()):
    """A `check`, `full` check, `scan` or `heal` so many hours ago, by default failed when it has reasons."""
    when, action = AT - hours * H, "check" if kind == "full" else kind
    return replace(
        run(outcome or (Outcome.FAILED if reasons else Outcome.OK), reasons), id=f"K-{kind}-{hours}", action=action, site=site, started_at=when, ended_at=when,
        details={"full": 1} if kind == "full" else {}, damaged=tuple(Damage(one) for one in objects), leftover=leftover,
    )  # fmt: skip


def found_by(*runs):
    state = judged(replace(WELL, checked=runs))
    return state.status, state.reasons


@pytest.mark.parametrize("site", ["hall", "are"])
@pytest.mark.parametrize("kind", ["check", "full", "scan"])
@pytest.mark.parametrize("reason", [DAMAGED, STRANGE_KEY, BackupReason.REPOSITORY_CHANGED, BackupReason.SNAPSHOT_VANISHED])
def test_what_the_newest_look_found_at_any_site_is_a_failure_though_every_objective_is_met(kind, site, reason):
    state = judged(replace(WELL, checked=(checked(kind, 1, reason, site=site), checked(kind, 9, site=site))))
    assert (state.status, state.reasons, state.rpo_met) == (Status.FAILURE, (reason,), True)


@pytest.mark.parametrize(
    "later",
    [("check", "check"), ("full", "full"), ("scan", "scan"), ("check", "full"), ("scan", "full"), ("check", "heal"), ("full", "heal"), ("scan", "heal")],
)
def test_a_later_look_that_is_as_wide_or_a_heal_that_ended_well_clears_damage(later):
    before, after = later
    assert found_by(checked(after, 1), checked(before, 5, DAMAGED)) == (Status.OK, ())


def test_one_slice_that_is_whole_does_not_clear_what_a_full_check_found_until_a_scan_is_clean_too():
    assert found_by(checked("check", 1), checked("full", 5, DAMAGED)) == (Status.FAILURE, (DAMAGED,))
    assert found_by(checked("scan", 1), checked("full", 5, DAMAGED)) == (Status.FAILURE, (DAMAGED,))
    assert found_by(checked("scan", 1), checked("check", 2), checked("full", 5, DAMAGED)) == (Status.OK, ())
    assert found_by(checked("check", 1), checked("full", 5, STRANGE_KEY)) == (Status.OK, ())


def test_a_clean_look_at_one_site_says_nothing_of_the_other():
    assert found_by(checked("full", 1, site="are"), checked("heal", 1, site="are"), checked("check", 5, DAMAGED)) == (Status.FAILURE, (DAMAGED,))


def test_a_look_that_did_not_succeed_or_a_heal_that_lost_something_clears_nothing():
    assert found_by(checked("check", 1, BackupReason.UNREACHABLE), checked("check", 5, DAMAGED))[1] == (DAMAGED,)
    assert found_by(checked("check", 1, outcome=Outcome.INTERRUPTED), checked("check", 5, DAMAGED))[1] == (DAMAGED,)
    assert found_by(checked("heal", 1, DAMAGED, outcome=Outcome.PARTIAL), checked("scan", 5, DAMAGED))[1] == (DAMAGED,)
    assert found_by(checked("heal", 1), checked("check", 5, BackupReason.SNAPSHOT_VANISHED))[1] == (BackupReason.SNAPSHOT_VANISHED,)


def test_a_scans_mismatch_goes_when_the_key_tells_that_it_is_a_leftover():
    scan = checked("scan", 5, DAMAGED, objects=("data/aa", "data/bb"))
    assert found_by(checked("check", 1, leftover=("data/aa", "data/bb")), scan) == (Status.OK, ())
    assert found_by(checked("check", 1, leftover=("data/aa",)), scan) == (Status.FAILURE, (DAMAGED,))


def test_what_was_found_after_the_instant_is_not_known_then():
    later = replace(checked("check", 1, DAMAGED), started_at=AT + H, ended_at=AT + H)
    assert found_by(later, checked("check", 5)) == (Status.OK, ())


def test_years_of_clean_looks_are_told_by_one_of_each_kind():
    assert len(telling([checked(kind, hours) for hours in range(1, 1000) for kind in ("check", "scan")])) == 2


def test_the_telling_runs_give_what_all_runs_give_at_every_instant():
    draw = random.Random(7)
    for _ in range(300):
        runs = []
        for hours in range(30, 0, -1):
            kind = draw.choice(["check", "full", "scan", "heal"])
            reasons = draw.choice([(), (), (), (DAMAGED,), (STRANGE_KEY,), (DAMAGED, BackupReason.SNAPSHOT_VANISHED), (BackupReason.UNREACHABLE,)])
            outcome = draw.choice([None, None, Outcome.PARTIAL, Outcome.INTERRUPTED])
            objects, leftover = draw.choice([(), ("data/aa",)]), draw.choice([(), ("data/aa",)])
            if kind == "heal":
                reasons, outcome = draw.choice([((), None), ((DAMAGED,), Outcome.PARTIAL)])
            runs.append(checked(kind, hours, *reasons, outcome=outcome, objects=objects, leftover=leftover))
        few = telling(runs)
        for until in range(1, 31):
            by_then = AT - until * H
            assert standing(one for one in few if one.started_at <= by_then) == standing(one for one in runs if one.started_at <= by_then)


@pytest.mark.parametrize(
    ("held", "queries", "proven"), [(1, {}, {1}), (2, {}, {2}), (3, {}, {2, 3}), (4, {"a": "1"}, {4}), (5, {}, {2, 3, 5}), (5, {"a": "1"}, {2, 3, 4, 5})]
)
def test_a_drill_holds_for_what_it_showed_and_for_no_more(held, queries, proven):
    """Level 1 asks both sites, which no other does; a rehearsal restores databases where there are any."""
    one = replace(proof(), level=held, queries_found=queries)
    assert {level for level in range(1, 6) if one.proves(level)} == proven
    backup = BACKUP.model_copy(update={"drills": {str(level): 31 * 86_400 for level in range(1, 6)}})
    state = judge_backup(backup, SITES, replace(WELL, proofs=(one,)), (None, None), AT)
    assert {drill.level for drill in state.drills if drill.proof == one.id and drill.due_at > AT} == proven
