"""A month's split: every öre is somewhere, whatever the agreement says."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samdrift.costs.allocation import CostInput, allocate
from samdrift.costs.bounds import bound
from samdrift.costs.key import KeyBlocks
from samdrift.costs.spread import part_in
from samdrift.metering.registry import shipped_meters
from samdrift.model.cost import Document
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage, Quality

IDS = ("region-jh", "berg", "bracke", "harjedalen", "krokom", "ragunda", "stromsund", "are", "ostersund")
PERCENT = dict(zip(IDS, ("50.00", "2.77", "2.54", "4.02", "5.81", "2.13", "4.60", "4.16", "23.97"), strict=True))
FEBRUARY = Month(2016, 2)


def member(member_id, **more):
    contact = {"role": "it-manager", "name": "IT-chef", "email": f"it@{member_id}.example"}
    return Member.model_validate(
        {
            "id": member_id,
            "name": member_id,
            "kind": "municipality",
            "since": "2015-01-01",
            "contacts": (contact,),
            **more,
        }
    )


MEMBERS = {each: member(each) for each in IDS}


def agreement(pools, version="2016-1", start="2016-01-01", end=None, **more):
    head = {
        "id": "joint",
        "version": version,
        "from": start,
        "host": "region-jh",
        "decision": "project directive",
        **({"to": end} if end else {}),
    }
    keys = {
        "directive": {"kind": "fixed", "percent": PERCENT},
        "even": {"kind": "even"},
        "energy": {"kind": "usage", "meter": "energy-it"},
    }
    return Agreement.model_validate(
        {"agreement": head, "participants": IDS, "pools": pools, **more, "keys": keys | more.get("keys", {})}
    )


def month_of(*agreements, documents, daily=(), prices=(), month=FEBRUARY, members=MEMBERS):
    return allocate(CostInput(month, "joint", agreements, members, {}, {}, prices, documents, shipped_meters(), daily))


def document(pool, ore, number="1"):
    return Document("d", number, pool, ore, date(2016, 2, 1), date(2016, 3, 1))


def paid(cost, pool, **which):
    return {
        line.member: line.amount_ore
        for line in cost.lines
        if line.pool == pool and all(getattr(line, key) == value for key, value in which.items())
    }


def test_the_project_directive_gives_each_member_its_per_cent_to_the_ore():
    cost = month_of(
        agreement({"administration": {"key": "directive"}}), documents=(document("administration", 10_000_001),)
    )
    expected = {"region-jh": 5_000_001, "berg": 277_000, "bracke": 254_000, "harjedalen": 402_000, "krokom": 581_000}
    expected |= {"ragunda": 213_000, "stromsund": 460_000, "are": 416_000, "ostersund": 2_397_000}
    assert paid(cost, "administration") == expected


@settings(max_examples=60)
@given(
    st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=10**8),
    st.dictionaries(st.sampled_from(IDS), st.integers(min_value=0, max_value=10**7), max_size=9),
)  # fmt: skip
def test_lines_settlement_and_unallocated_are_the_pool_always(administration, hall, energy):
    daily = tuple(
        DailyUsage(date(2016, 2, 3), "energy-it", "r", each, Quality.MEASURED, Fraction(wh))
        for each, wh in energy.items()
    )
    pools = {"administration": {"key": "directive"}, "hall": {"key": "energy", "minimum": "10"}}
    cost = month_of(
        agreement(pools),
        documents=(document("administration", administration), document("hall", hall, "2")),
        daily=daily,
    )
    for pool, ore in (("administration", administration), ("hall", hall)):
        total = next(each for each in cost.pools if each.pool == pool)
        assert total.amount_ore == ore
        assert total.allocated_ore == sum(paid(cost, pool).values())
        assert total.allocated_ore + total.to_settlement_ore + total.unallocated_ore == ore
        assert not total.unallocated_ore or any(block.pool == pool for block in cost.blocking)


def test_zero_usage_blocks_and_the_ore_show_as_unallocated():
    cost = month_of(agreement({"hall": {"key": "energy"}}), documents=(document("hall", 500),))
    assert [block.code for block in cost.blocking] == ["zero-usage"]
    assert cost.pools[0].unallocated_ore == 500
    assert cost.lines == ()


def test_of_two_parts_that_block_the_same_is_told_in_whichever_order_they_are_written():
    parts = [{"share": "1/2", "key": {"kind": "usage", "meter": meter}} for meter in ("vcpu", "energy-it")]
    told = []
    for written in (parts, parts[::-1]):
        key = {"keys": {"both": {"kind": "composite", "parts": tuple(written)}}}
        told.append(month_of(agreement({"hall": {"key": "both"}}, **key), documents=(document("hall", 500),)).blocking)
    assert [block.meter for block in told[0]] == ["energy-it"]
    assert told[0] == told[1]


def test_a_member_that_joins_on_the_15th_of_a_leap_february_pays_15_of_29_days():
    members = {**MEMBERS, "are": member("are", since="2016-02-15")}
    cost = month_of(agreement({"hall": {"key": "even"}}), documents=(document("hall", 247_00),), members=members)
    assert paid(cost, "hall")["are"] == 15_00
    assert paid(cost, "hall")["berg"] == 29_00


def test_two_versions_in_a_month_weigh_by_their_days():
    first = agreement({"hall": {"key": "directive"}}, end="2016-02-11")
    second = agreement({"hall": {"key": "even"}}, version="2016-2", start="2016-02-11")
    cost = month_of(first, second, documents=(document("hall", 29_00),))
    assert sum(paid(cost, "hall").values()) == 29_00
    line = next(line for line in cost.lines if line.member == "region-jh")
    assert line.versions == (("2016-1", 10), ("2016-2", 19))
    assert line.exact_ore == 2900 * (Fraction(10, 29) * Fraction(1, 2) + Fraction(19, 29) * Fraction(1, 9))


def test_priced_usage_and_base_fees_round_once_and_the_rest_settles():
    prices = (
        Price.model_validate(
            {
                "id": "kwh",
                "meter": "energy-it",
                "unit": "kWh",
                "from": "2016-01-01",
                "tiers": ({"up_to": "10", "price": "2"}, {"price": "1.005"}),
            }
        ),
        Price.model_validate({"id": "base", "from": "2016-01-01", "fee": "950"}),
    )
    daily = tuple(
        DailyUsage(date(2016, 2, day), "energy-it", "r", "are", Quality.MEASURED, Fraction(6000)) for day in (1, 2)
    )
    pools = {"hall": {"prices": ("base", "kwh"), "rest": "settle", "participants": ("are", "berg")}}
    cost = month_of(agreement(pools), documents=(document("hall", 200_000),), daily=daily, prices=prices)
    assert paid(cost, "hall", component="base") == {"are": 95_000, "berg": 95_000}
    assert paid(cost, "hall", component="priced") == {"are": 2000 + 201, "berg": 0}
    assert cost.pools[0].to_settlement_ore == 200_000 - 190_000 - 2201


def test_a_close_is_held_when_more_than_the_limit_is_estimated():
    from samdrift.model.reading import Usage

    nothing = Fraction(0)
    usage = Usage(
        "energy-it", "r", "are", FEBRUARY.start, FEBRUARY.end, Fraction(100), Fraction(1, 10), "kWh", Fraction(10), nothing, nothing, Fraction(6), nothing, 2, 0, 0, 0
    )  # fmt: skip
    daily = (DailyUsage(date(2016, 2, 3), "energy-it", "r", "are", Quality.MEASURED, Fraction(100)),)
    given_input = CostInput(
        FEBRUARY,
        "joint",
        (agreement({"hall": {"key": "energy"}}),),
        MEMBERS,
        {},
        {},
        (),
        (document("hall", 100),),
        shipped_meters(),
        daily,
        (usage,),
    )
    cost = allocate(given_input)
    assert [(block.code, block.member) for block in cost.blocking] == [("estimated-above-limit", "are")]
    assert paid(cost, "hall")["are"] == 100


@given(
    st.integers(min_value=-(10**9), max_value=10**9),
    st.integers(min_value=1, max_value=900),
    st.sampled_from(["days", "months"]),
)
def test_a_documents_months_sum_to_it(ore, days, way):
    start = date(2016, 1, 17)
    spread = Document("d", "1", "p", ore, start, start + timedelta(days=days), way)
    month, total = Month(2016, 1), 0
    for _ in range(32):
        total += part_in(spread, month)
        month = month.next
    assert total == ore


@given(
    st.integers(min_value=1, max_value=10**7),
    st.dictionaries(st.sampled_from(IDS), st.integers(min_value=0, max_value=100).map(Fraction), min_size=2),
    st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=10**7),
)  # fmt: skip
def test_minimum_and_cap_hold_and_the_pool_is_exact_or_it_blocks(pool, weights, minimum, cap):
    whole = sum(weights.values())
    if not whole or cap < minimum:
        return
    shares = {each: weight / whole for each, weight in weights.items()}
    taking = dict.fromkeys(shares, Fraction(1))
    weightless = sum(minimum for share in shares.values() if not share)
    too_small, too_large = (
        minimum * len(shares) > pool,
        cap * sum(1 for share in shares.values() if share) + weightless < pool,
    )
    if too_small or too_large:
        with pytest.raises(KeyBlocks, match="more than the pool" if too_small else "less than the pool"):
            bound(pool, shares, taking, minimum, cap)
        return
    amounts = bound(pool, shares, taking, minimum, cap)
    assert sum(amounts.values()) == pool
    assert all(minimum <= amount <= cap for amount in amounts.values())


def test_overhead_follows_the_pools_it_goes_over():
    pools = {
        "hall": {"key": "directive"},
        "backup": {"key": "even"},
        "office": {"over": {"pools": ("hall", "backup"), "by": "direct-cost"}},
    }
    cost = month_of(
        agreement(pools),
        documents=(document("hall", 9000), document("backup", 9000, "2"), document("office", 1800, "3")),
    )
    line = next(line for line in cost.lines if line.pool == "office" and line.member == "region-jh")
    assert line.component == "overhead"
    assert line.share == (Fraction(1, 2) + Fraction(1, 9)) / 2


def test_a_cycle_of_overheads_is_refused_with_its_path():
    from samdrift.model.errors import Refused

    pools = {"pa": {"over": {"pools": ("pb",), "by": "even"}}, "pb": {"over": {"pools": ("pa",), "by": "even"}}}
    with pytest.raises(Refused, match=r"pool-cycle: .*pa.*pb|pool-cycle: .*pb.*pa"):
        month_of(agreement(pools), documents=(document("pa", 1),))
