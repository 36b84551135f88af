"""The share of a month in which each objective was met, and its breaches, from arrivals and drills alone."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from samdrift.backup.objectives import rpo_kept, rto_kept
from samdrift.model.backup_run import BackupReason
from samdrift.model.run import Outcome
from tests.unit.backup.test_freshness import AT, proof, run, snapshot

SITES = ("hall", "are")
H = timedelta(hours=1)


def arrived(site, hours, number, state="usable", behind=0):
    one = snapshot(site, hours, number, state)
    return replace(one, id=f"{number:02d}" * 32 if site == "hall" else f"{number + 50:02d}" * 32, recovery_point_at=one.arrival_at - behind * H)


def test_a_month_with_daily_runs_at_both_sites_is_wholly_met():
    found = rpo_kept([arrived(site, 24 * day + 1, day) for day in range(10) for site in SITES], SITES, 28 * 3600, AT - 9 * 24 * H, AT)
    assert (found.share, found.breaches) == (1, ())


def test_a_missed_copy_breaks_it_from_when_the_data_there_is_too_old_and_names_why():
    there = [arrived("hall", 24 * day, day) for day in range(4)] + [arrived("are", 72, 3), arrived("are", 10, 0)]
    pull = replace(run(Outcome.FAILED, (BackupReason.UNREACHABLE,)), action="copy", started_at=AT - 40 * H)
    found = rpo_kept(there, SITES, 28 * 3600, AT - 72 * H, AT, runs=[pull])
    (breach,) = found.breaches
    assert (breach.begin, breach.end, breach.sites, breach.causes) == (AT - 44 * H, AT - 10 * H, ("are",), ("unreachable",))
    assert found.share == Fraction(72 - 34, 72)


def test_partial_and_suspect_ones_move_nothing_and_before_the_first_nothing_is_known():
    assert rpo_kept([arrived("hall", 5, 1, "partial")], ("hall",), 3600, AT - 24 * H, AT).share is None
    found = rpo_kept([arrived("hall", 6, 1), arrived("hall", 3, 2, "suspect")], ("hall",), 3 * 3600, AT - 24 * H, AT)
    assert (found.known_seconds, found.met_seconds) == (6 * 3600, 3 * 3600)
    never = rpo_kept([arrived("hall", 6, 1)], SITES, 24 * 3600, AT - 24 * H, AT)
    assert (never.met_seconds, never.breaches[0].sites) == (0, ("are",))


def held(hours, seconds, level=3, *, passed=True, size=1000):
    return replace(proof(passed=passed, seconds=seconds), started_at=AT - hours * H, level=level, size_bytes=size)


def of_size(hours, size):
    return replace(arrived("hall", hours, hours), size_bytes=size)


def test_the_time_objective_is_known_from_the_first_full_drill_and_met_while_it_was_quick_enough():
    kept = rto_kept([held(18, 600), held(6, 7200)], [], ("hall",), 3600, AT - 24 * H, AT, databases=False)
    assert (kept.known_seconds, kept.met_seconds) == (18 * 3600, 12 * 3600)
    assert [(one.begin, one.end, one.causes) for one in kept.breaches] == [(AT - 6 * H, AT, ("drill-too-slow",))]


def test_a_source_that_grew_makes_the_restore_longer_from_the_day_that_it_came():
    kept = rto_kept([held(30, 1800)], [of_size(20, 1000), of_size(8, 3000), of_size(2, 1500)], ("hall",), 3600, AT - 24 * H, AT, databases=False)
    assert [(one.begin, one.end, one.causes) for one in kept.breaches] == [(AT - 8 * H, AT - 2 * H, ("data-grew",))]
    assert kept.share == Fraction(18, 24)


def test_without_a_passed_drill_or_without_the_databases_own_nothing_is_known():
    for proofs, databases in (([], False), ([held(30, 60, passed=False)], False), ([held(30, 60)], True)):
        assert rto_kept(proofs, [of_size(20, 1000)], ("hall",), 3600, AT - 24 * H, AT, databases=databases).share is None
    both = rto_kept([held(30, 2000), held(12, 2000, 4)], [], ("hall",), 3600, AT - 24 * H, AT, databases=True)
    assert (both.known_seconds, both.met_seconds) == (12 * 3600, 0)
