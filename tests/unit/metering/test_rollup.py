"""The roll-up in SQL equals the rules written a second way, for any readings in any order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samdrift.metering.registry import shipped_meters
from samdrift.model.period import Month, local_midnight, microseconds
from tests.unit.metering import duck, reference

MONTH = Month(2026, 10)
DAYS = [(day, microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1)))) for day in MONTH.days()[23:27]]
SPANS = [(start, end) for _, start, end in DAYS]
START, END = SPANS[0][0], SPANS[-1][1]
MINUTE = 60_000_000
GAUGE, COUNTER = shipped_meters()["backup-volume"], shipped_meters()["energy-it"]

instants = st.integers(min_value=START // MINUTE - 3000, max_value=END // MINUTE + 3000).map(lambda minutes: minutes * MINUTE)
qualities = st.sampled_from(["measured", "measured", "measured", "estimated", "simulated", "end"])
samples = st.lists(st.tuples(instants, st.integers(min_value=0, max_value=2**50), qualities), max_size=25)


def rows_of(readings):
    return [("repo", at, quantity, quality) for at, quantity, quality in readings]


@settings(max_examples=60, deadline=None)
@given(samples, st.sampled_from(["carry", "stop"]), st.sampled_from([None, 3600, 93_600]), st.randoms(use_true_random=False))
def test_a_gauge_holds_to_its_next_sample_by_the_gap_policy_in_any_order(readings, policy, max_gap, random):
    meter = replace(GAUGE, gap=policy, max_gap_seconds=max_gap)
    expected = reference.gauge(readings, SPANS, None if max_gap is None else max_gap * 1_000_000, policy)
    random.shuffle(readings)
    found = {(SPANS.index((s, e)), quality): [int(quantity), ms] for _, day, quality, quantity, ms in duck.daily(meter, rows_of(readings), DAYS) for d, s, e in DAYS if d == day}
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(samples, st.sampled_from(["reset", "wrap-64"]))
def test_a_counters_days_sum_to_its_increase_whatever_the_order(readings, policy):
    meter = replace(COUNTER, on_decrease=policy)
    total = sum(int(quantity) for *_, quantity, _ in duck.daily(meter, rows_of(readings), DAYS))
    assert total == reference.counter_total(readings, START, END, 2**64 if policy == "wrap-64" else None)


def test_the_same_reading_twice_counts_once_and_is_reported():
    readings = [("r", START, 10, "measured")] * 3 + [("r", START + MINUTE, 12, "measured")]
    assert duck.counts(GAUGE, readings, DAYS) == [("r", 2, 2, 0, 0, 0, 0)]


def test_two_values_at_one_instant_are_a_conflict_and_the_lowest_counts():
    readings = [("r", START, 10, "measured"), ("r", START, 7, "measured"), ("r", START + 2 * MINUTE, 0, "end")]
    assert duck.counts(GAUGE, readings, DAYS)[0][3] == 1
    assert duck.daily(GAUGE, readings, DAYS) == [("r", DAYS[0][0], "measured", str(7 * 120_000), 120_000)]


def test_an_undeclared_decrease_blocks_and_adds_nothing():
    readings = [("r", START, 500, "measured"), ("r", START + MINUTE, 20, "measured"), ("r", START + 2 * MINUTE, 25, "measured")]
    assert duck.counts(COUNTER, readings, DAYS)[0][5] == 1
    assert sum(int(row[3]) for row in duck.daily(COUNTER, readings, DAYS)) == 5


def test_a_silence_is_a_gap_with_its_bounds():
    readings = [("r", START, 5, "measured"), ("r", START + 40 * 60 * MINUTE, 5, "measured"), ("r", END, 5, "measured")]
    assert duck.gaps(GAUGE, readings, DAYS)[0] == ("r", START, START + 40 * 60 * MINUTE, "estimated")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)])
def test_a_gauge_over_a_clock_change_has_the_days_real_hours(day, hours):
    start, end = microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1)))
    found = duck.daily(GAUGE, [("r", start, 1, "measured"), ("r", end, 1, "measured")], [(day, start, end)])
    assert found == [("r", day, "measured", str(hours * 3_600_000), hours * 3_600_000)]
