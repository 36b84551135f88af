"""Largest remainder: sums are exact, order never matters, negatives mirror."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samdrift.model.money import apportion, half_away_from_zero, read_ore, round_shares

weights = st.dictionaries(st.sampled_from(["are", "berg", "bracke", "krokom", "region-jh"]), st.fractions(min_value=0, max_value=1000), min_size=1)


@given(st.integers(min_value=-(10**12), max_value=10**12), weights)
def test_parts_sum_to_the_total_and_are_within_one_of_the_exact_share(total, given_weights):
    assume(sum(given_weights.values()) > 0)
    parts = apportion(total, given_weights)
    assert sum(parts.values()) == total
    whole = sum(given_weights.values())
    assert all(abs(parts[member] - total * weight / whole) < 1 for member, weight in given_weights.items())


@given(st.integers(min_value=1, max_value=10**9), weights, st.randoms(use_true_random=False))
def test_the_order_of_members_never_matters(total, given_weights, random):
    assume(sum(given_weights.values()) > 0)
    items = list(given_weights.items())
    random.shuffle(items)
    assert apportion(total, dict(items)) == apportion(total, given_weights)


@given(st.integers(min_value=0, max_value=10**9), weights)
def test_a_credit_mirrors_the_charge(total, given_weights):
    assume(sum(given_weights.values()) > 0)
    charge, credit = apportion(total, given_weights), apportion(-total, given_weights)
    assert {member: charge[member] + credit[member] for member in charge} == dict.fromkeys(charge, 0)


def test_a_tie_goes_to_the_larger_share_then_the_id():
    assert apportion(1, {"b": Fraction(1), "a": Fraction(1)}) == {"a": 1, "b": 0}
    assert round_shares({"small": Fraction(1, 2), "large": Fraction(3, 2)}) == {"small": 0, "large": 2}


def test_weight_nothing_gets_not_even_a_remainder():
    assert apportion(2, {"a": Fraction(0), "b": Fraction(1), "c": Fraction(1)})["a"] == 0


def test_nothing_to_weigh_by_is_refused():
    with pytest.raises(ValueError, match="all weights are 0"):
        apportion(1, {"a": Fraction(0)})


@pytest.mark.parametrize(("value", "expected"), [(Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(49, 100), 0)])
def test_halves_go_away_from_zero(value, expected):
    assert half_away_from_zero(value) == expected


@pytest.mark.parametrize("text", ["1e3", "inf", "nan", "1_000", "01", "1.234", "10.000", "1,50", ""])
def test_kronor_are_refused_when_they_are_not_plain(text):
    with pytest.raises(ValueError, match=r"plain decimal|fraction of an öre|two decimals"):
        read_ore(text)
