"""Random months of random agreements: the program's öre are those of the naive reference, whatever order things come in."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from samdrift.costs.allocation import CostInput, allocate
from samdrift.metering.registry import shipped_meters
from samdrift.model.cost import Document
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage, Quality
from tests.unit.costs import reference
from tests.unit.costs.test_allocation import member

IDS = ("are", "berg", "krokom", "region-jh")
METER = shipped_meters()["energy-it"]
leaf = st.one_of(
    st.just({"kind": "even"}),
    st.fixed_dictionaries(
        {"kind": st.just("fixed"), "weights": st.fixed_dictionaries({each: st.integers(1, 50) for each in IDS})}
    ),
    st.just({"kind": "usage", "meter": "energy-it"}),
)


def composite(inner):
    return st.tuples(st.integers(1, 9), st.sampled_from(IDS) | inner, inner).map(
        lambda three: {
            "kind": "composite",
            "parts": [(Fraction(three[0], 10), three[1]), (1 - Fraction(three[0], 10), three[2])],
        }
    )


keys = st.recursive(leaf, composite, max_leaves=4)
months = st.sampled_from([Month(2016, 2), Month(2015, 2), Month(2016, 3), Month(2016, 10), Month(2016, 12)])
joins = st.fixed_dictionaries({each: st.integers(0, 27) for each in IDS[:2]})
amounts = st.integers(min_value=-(10**8), max_value=10**8)


def written(key):
    if key["kind"] == "composite":
        parts = tuple(
            {
                "share": f"{share.numerator}/{share.denominator}",
                **({"member": inner} if isinstance(inner, str) else {"key": written(inner)}),
            }
            for share, inner in key["parts"]
        )
        return {"kind": "composite", "parts": parts}
    if key["kind"] == "fixed":
        return {"kind": "fixed", "weights": {each: str(weight) for each, weight in key["weights"].items()}}
    return key


def agreement(key, version, start, end, **pool):
    head = {
        "id": "joint",
        "version": version,
        "from": start,
        "host": "region-jh",
        "decision": "x",
        **({"to": end} if end else {}),
    }
    return Agreement.model_validate(
        {
            "agreement": head,
            "participants": IDS,
            "fallback": "even",
            "keys": {"kk": written(key)},
            "pools": {"hall": {"key": "kk", **pool}},
        }
    )


def given_of(month, agreements, documents, members, use):
    rows = tuple(
        DailyUsage(day, "energy-it", "r", each, Quality.MEASURED, quantity * METER.per_priced)
        for each, days in use.items()
        for day, quantity in days.items()
    )
    return CostInput(month, "joint", agreements, members, {}, {}, (), documents, shipped_meters(), rows)


@st.composite
def situations(draw):
    month = draw(months)
    days = month.days()
    starts = draw(joins)
    members = {
        each: member(each, since=str(days[starts.get(each, 0)]) if starts.get(each) else "2010-01-01") for each in IDS
    }
    use = {
        each: {draw(st.sampled_from(days)): Fraction(draw(st.integers(0, 500))) for _ in range(draw(st.integers(0, 3)))}
        for each in IDS
    }
    return month, days, members, use


def present(days, members):
    found = {each: [day for day in days if members[each].since <= day] for each in IDS}
    return {each: own for each, own in found.items() if own}


@settings(max_examples=120, deadline=None)
@given(situations(), keys, keys, st.integers(1, 26), amounts, st.booleans())
def test_the_ore_of_one_or_two_versions_are_the_references(situation, first, second, change, ore, twice):
    month, days, members, use = situation
    border = days[change]
    documents = (Document("d", "1", "hall", ore, days[0], days[-1] + timedelta(days=1)),)
    agreements = (agreement(first, "1", "2010-01-01", str(border) if twice else None),)
    parts = [(first, days[:change] if twice else days)]
    if twice:
        agreements += (agreement(second, "2", str(border), None),)
        parts.append((second, days[change:]))
    shares: dict[str, Fraction] = {}
    for key, own in parts:
        for each, share in reference.shares_of(
            key, present(own, members), len(days), {"energy-it": use}, "even"
        ).items():
            shares[each] = shares.get(each, Fraction(0)) + Fraction(len(own), len(days)) * share
    cost = allocate(given_of(month, agreements, documents, members, use))
    if any(block.code == "empty-part" for block in cost.blocking):
        return
    expected = reference.largest_remainder(
        {each: ore * share for each, share in shares.items()}, {each for each, share in shares.items() if not share}
    )
    taking = set(present(days, members))
    assert not cost.blocking
    assert {line.member: line.amount_ore for line in cost.lines} == {each: expected.get(each, 0) for each in taking}
    assert all(type(line.amount_ore) is int and type(line.exact_ore) is Fraction for line in cost.lines)


@settings(max_examples=80, deadline=None)
@given(
    situations(),
    st.fixed_dictionaries({each: st.integers(0, 20) for each in IDS}),
    st.integers(1, 10**6),
    st.integers(0, 2 * 10**5),
    st.integers(0, 5 * 10**5),
)
def test_minimum_and_cap_are_the_references(situation, weights, ore, minimum, cap):
    month, days, members, _ = situation
    if not any(weights[each] for each in present(days, members)) or cap < minimum:
        return
    own = agreement(
        {"kind": "fixed", "weights": weights},
        "1",
        "2010-01-01",
        None,
        minimum=f"{minimum // 100}.{minimum % 100:02}",
        cap=f"{cap // 100}.{cap % 100:02}",
    )
    cost = allocate(
        given_of(month, (own,), (Document("d", "1", "hall", ore, days[0], days[-1] + timedelta(days=1)),), members, {})
    )
    there = present(days, members)
    shares = reference.shares_of({"kind": "fixed", "weights": weights}, there, len(days), {}, "even")
    part = {each: Fraction(len(there[each]), len(days)) for each in there}
    right = reference.held(
        Fraction(ore),
        shares,
        {each: minimum * part[each] for each in there},
        {each: cap * part[each] for each in there},
    )
    if right is None:
        assert [block.code for block in cost.blocking] in (["minimum-infeasible"], ["cap-infeasible"])
        return
    assert not cost.blocking
    assert {line.member: line.exact_ore for line in cost.lines} == right
    assert {line.member: line.amount_ore for line in cost.lines} == reference.largest_remainder(
        right, {each for each in there if not shares[each]}
    )


@settings(max_examples=40, deadline=None)
@given(situations(), keys, amounts, st.randoms(use_true_random=False))
def test_order_never_matters_and_opposite_pools_cancel(situation, key, ore, random):
    month, days, members, use = situation
    end = days[-1] + timedelta(days=1)
    documents = [Document(f"d{number}", "1", "hall", ore + number, days[0], end) for number in range(4)]
    whole = given_of(month, (agreement(key, "1", "2010-01-01", None),), tuple(documents), members, use)
    random.shuffle(documents)
    rows = list(whole.daily)
    random.shuffle(rows)
    names = list(members.items())
    random.shuffle(names)
    assert allocate(replace(whole, documents=tuple(documents), daily=tuple(rows), members=dict(names))) == allocate(
        whole
    )
    credit = tuple(replace(document, amount_ore=-document.amount_ore) for document in documents)
    charged, credited = allocate(whole), allocate(replace(whole, documents=credit))
    assert [line.amount_ore for line in charged.lines] == [-line.amount_ore for line in credited.lines]


@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries({each: st.integers(0, 9) for each in IDS}),
    st.lists(st.integers(0, 10**6), min_size=12, max_size=12),
)
def test_a_carried_year_is_off_by_less_than_an_ore_and_a_month_by_less_than_two(weights, year):
    if not any(weights.values()):
        return
    own = Agreement.model_validate(
        agreement({"kind": "fixed", "weights": weights}, "1", "2010-01-01", None).model_dump(
            by_alias=True, exclude_unset=True
        )
        | {"rounding": {"carry_remainder": True}}
    )
    members = {each: member(each) for each in IDS}
    earlier: dict[str, tuple[Fraction, int]] = {}
    for number, ore in enumerate(year, start=1):
        month = Month(2016, number)
        document = Document("d", "1", "hall", ore, month.first_day, month.next.first_day)
        cost = allocate(replace(given_of(month, (own,), (document,), members, {}), earlier={"hall": earlier}))
        assert sum(line.amount_ore for line in cost.lines) == ore
        for line in cost.lines:
            assert abs(line.amount_ore - line.exact_ore) < 2
            exact, booked = earlier.get(line.member, (Fraction(0), 0))
            earlier[line.member] = (exact + line.exact_ore, booked + line.amount_ore)
    assert all(abs(exact - booked) < 1 for exact, booked in earlier.values())
