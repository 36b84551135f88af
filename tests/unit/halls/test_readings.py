"""A hall value counts only when it is good; everything else says what it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.halls.metrics import samples
from samdrift.halls.readings import aged, judge_nut
from samdrift.halls.simulated import energy_wh, load_watts
from samdrift.model.finding import Reason
from samdrift.model.hall import HallQuality, RawValue

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def judged(quantity, text, reason=None):
    (reading,) = judge_nut([RawValue("ups-a", quantity, text, reason)], "hall-x", "nut", NOW)
    return reading


@pytest.mark.parametrize(
    ("quantity", "text", "quality", "value"),
    [
        ("ups.realpower", "8400", "good", 8400),
        ("ups.temperature", "27.5", "good", 27_500),
        ("ups.temperature", "270", "implausible", None),
        ("battery.charge", "1e3", "invalid", None),
        ("battery.runtime", "-1", "implausible", None),
        ("ups.load", "nan", "invalid", None),
        ("ups.load", None, "missing", None),
    ],
)
def test_a_number_is_taken_only_inside_its_range(quantity, text, quality, value):
    reading = judged(quantity, text)
    assert (reading.quality.value, reading.value) == (quality, value)


def test_status_words_stay_apart_and_unknown_ones_are_shown():
    assert judged("ups.status", "OB DISCHRG").word == "DISCHRG OB"
    assert judged("ups.status", "OL ECO").word == "ECO OL"
    assert judged("ups.status", "<b>").quality is HallQuality.INVALID


def test_a_source_that_could_not_be_asked_leaves_no_value_and_its_reason():
    reading = judged("ups.status", None, Reason.STALE)
    assert (reading.quality, reading.word, reading.reason) == (HallQuality.MISSING, None, Reason.STALE)


def test_after_three_polls_a_good_value_is_stale_and_gone():
    reading = judged("ups.realpower", "8400")
    assert aged(reading, NOW + timedelta(seconds=30), 10).value == 8400
    old = aged(reading, NOW + timedelta(seconds=31), 10)
    assert (old.quality, old.value) == (HallQuality.STALE, None)


def test_what_is_not_good_leaves_no_sample_of_its_value():
    names = {sample.metric for sample in samples([judged("ups.realpower", "9999999999")])}
    assert "samdrift_power_load_watts" not in names
    assert "samdrift_hall_reading_quality" in names


def test_on_battery_is_a_state_of_its_own():
    states = {sample.labels["state"]: sample.value for sample in samples([judged("ups.status", "OB LB")]) if sample.metric == "samdrift_ups_state"}
    assert (states["OB"], states["LB"], states["OL"]) == (1, 1, 0)


@given(st.integers(min_value=0, max_value=9), st.integers(min_value=50, max_value=5000), st.integers(min_value=0, max_value=10**7), st.integers(min_value=1, max_value=10**6))
def test_a_simulated_counter_only_rises_and_repeats_itself(seed, watts, minute, later):
    first, second = (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=each) for each in (minute, minute + later))
    assert energy_wh(seed, watts, first) == energy_wh(seed, watts, first) <= energy_wh(seed, watts, second)
    assert watts * 80 // 100 <= load_watts(seed, watts, first) <= watts * 120 // 100
