"""A settlement: pools' rest goes to those who used the pool, and the self-cost of the year is 0 or it blocks."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.costs.settlement import SettlementInput, outstanding, settle
from samdrift.model.cost import CostLine, MemberTotal, MonthCost, PoolTotal
from samdrift.model.period import Month
from tests.unit.costs.test_allocation import agreement


def line(name, member, ore, pool="backup", component="priced"):
    return CostLine(name, "joint", (("1", 31),), pool, member, None, component, ore, Fraction(ore))


def month(number, ore, rest, unallocated=0):
    lines = tuple(line(f"2016-{number:02}/backup/{member}/priced", member, each) for member, each in sorted(ore.items()))
    total = sum(ore.values())
    return MonthCost(Month(2016, number), "joint", lines, (PoolTotal("backup", total + rest + unallocated, total, rest, unallocated),), tuple(MemberTotal(m, o, 0) for m, o in ore.items()), ())


def arrears(**payment):
    return agreement({"backup": {"key": "even"}}, payment=payment or {"kind": "arrears"})


def given_of(months, version, **more):
    return SettlementInput(2016, "joint", tuple((each, version) for each in months), (), {}, {"are", "berg"}, version, **more)


def test_what_prices_left_over_is_charged_by_what_each_paid_into_the_pool():
    made = settle(given_of([month(1, {"are": 300, "berg": 100}, 40)], arrears()))
    assert {each.line: each.amount_ore for each in made.lines} == {"2016/settlement/are/charge": 30, "2016/settlement/berg/charge": 10}
    assert made.blocking == ()


def test_prices_above_the_cost_are_paid_back():
    made = settle(given_of([month(1, {"are": 300, "berg": 100}, -40)], arrears()))
    assert {each.line: each.amount_ore for each in made.lines} == {"2016/settlement/are/refund": -30, "2016/settlement/berg/refund": -10}


def test_an_unallocated_ore_breaks_the_self_cost():
    made = settle(given_of([month(1, {"are": 300, "berg": 100}, 0, unallocated=1)], arrears()))
    assert [each.code for each in made.blocking] == ["self-cost"]
    assert "-1 öre" in made.blocking[0].text


@pytest.mark.parametrize(("surplus", "staying", "final", "action"), [("carry", {"are"}, False, "carry"), ("carry", set(), False, "refund"), ("carry", {"are"}, True, "refund"), (None, {"are"}, False, "refund")])
def test_a_surplus_is_carried_only_by_who_stays_and_not_at_the_end(surplus, staying, final, action):
    version = arrears(kind="advance", due=(1,), **({"surplus": surplus} if surplus else {}))
    given_input = replace(given_of([month(1, {"are": 300}, 0)], version, final=final), advances=(line("a", "are", 500, component="advance"),), staying=staying)
    assert [(each.balance_ore, each.action) for each in settle(given_input).members] == [(200, action)]


amounts = st.dictionaries(st.sampled_from(["are", "berg", "krokom"]), st.integers(-(10**6), 10**6), min_size=1)


@given(st.lists(st.tuples(amounts, st.integers(-(10**5), 10**5)), min_size=1, max_size=12), amounts, amounts, st.booleans())
def test_charged_and_carried_less_cost_is_nothing_whatever_was_paid(months, advances, carried, final):
    version = arrears(kind="advance", due=(1,), surplus="carry", deficit="carry")
    given_input = replace(
        given_of([month(number, ore, rest) for number, (ore, rest) in enumerate(months, start=1)], version, final=final),
        advances=tuple(line(f"a/{member}", member, ore, component="advance") for member, ore in advances.items()),
        carried=carried,
    )
    made = settle(given_input)
    assert made.blocking == ()
    assert all(each.balance_ore == each.paid_ore + each.carried_in_ore - each.cost_ore for each in made.members)


def test_what_an_advance_used_is_not_carried_again():
    settled = {2015: (line("2015/settlement/are/carry", "are", -100, "settlement", "settlement"),)}
    used = {2016: (line("2016-01/carried/are/settlement", "are", -100, "carried", "settlement"),)}
    assert outstanding(settled, {}, 2016) == {"are": 100}
    assert outstanding(settled, used, 2017) == {}
    settled[2016] = (line("2016/settlement/are/carry", "are", -30, "settlement", "settlement"),)
    assert outstanding(settled, used, 2017) == {"are": 30}
