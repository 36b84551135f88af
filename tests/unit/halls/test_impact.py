"""Impact of a loss: sides, batteries, redundancy, uplinks, members and contacts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.halls.impact import impact_of
from samdrift.halls.runtime import runtime_seconds
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns import nouns

ON = date(2026, 11, 24)


def make(noun, **fields):
    return nouns()[noun].model.model_validate(fields)


def member(member_id):
    return make("members", id=member_id, name=member_id, kind="municipality", since="2016-01-01", contacts=({"role": "it-manager", "name": "IT-chef", "email": f"it@{member_id}.example"},))


def device(device_id, kind="host", **more):
    return make("devices", id=device_id, name=f"{device_id}.example", kind=kind, owner="ostersund", state="active", site="hall-x", **more)


def service(service_id, used_by, devices, **more):
    return make("services", id=service_id, name=service_id, operator="ostersund", used_by=used_by, devices=devices, **more)


DEVICES = (
    device("ups-a", "ups", fed_by=("panel-a/k1",), battery={"installed": "2026-11-24", "design_years": 5, "runtime": {"100": "600 s", "2000": "60 s"}}),
    device("ups-b", "ups", fed_by=("panel-b/k1",)),
    device("pdu-a", "pdu", fed_by=("ups-a",), outlets={"c13": 8}),
    device("pdu-b", "pdu", fed_by=("ups-b",), outlets={"c13": 8}),
    device("sw-1", "switch", supplies={"p1": "pdu-a/1"}),
    device("two-fed", supplies={"p1": "pdu-a/2", "p2": "pdu-b/2"}, watts=500),
    device("one-fed", supplies={"p1": "pdu-a/3"}, watts=500),
    device("pair-1", supplies={"p1": "pdu-a/4"}, redundancy_group="pair"),
    device("pair-2", supplies={"p1": "pdu-b/4"}, redundancy_group="pair"),
    device("behind", supplies={"p1": "pdu-b/5"}, uplinks=("sw-1",)),
    device("vm-1", "virtual", runs_on="one-fed"),
)
SERVICES = (
    service("w3d3", ("bracke", "ragunda"), ("one-fed",), rto="4 h"),
    service("heroma", ("ostersund",), ("two-fed",)),
    service("bookit", ("ostersund", "krokom"), ("pair-1", "pair-2")),
    service("portal", ("are",), (), depends_on=("w3d3",)),
    service("gis", ("berg",), ("behind",)),
    service("zappa", ("krokom",), ("vm-1",)),
)
POWER = tuple(
    entry
    for side in "ab"
    for entry in (
        {"id": f"feed-{side}", "kind": "feed", "side": side, "amps": 63},
        {"id": f"panel-{side}", "kind": "panel", "fed_by": (f"feed-{side}",), "circuits": {"k1": {"amps": 32}}},
    )
)
INVENTORY = Inventory(
    "inventory",
    make("samdrift", plugin="samdrift", version=1, host_organisation="ostersund"),
    {
        "members": tuple(member(each) for each in ("are", "berg", "bracke", "krokom", "ostersund", "ragunda")),
        "sites": (make("sites", id="hall-x", name="Hall", kind="hall", prefixes=("10.20.0.0/16",), power=POWER),),
        "devices": DEVICES,
        "services": SERVICES,
        "redundancy": (make("redundancy", id="pair", needs=1, spread="none"),),
    },
)


def fates(*down):
    return {(each.noun, each.id): each for each in impact_of(INVENTORY, down, ON)}


def test_a_pdu_taken_down_is_followed_to_service_member_and_contact():
    found = fates("pdu-a")
    assert found["device", "one-fed"].state == "lost"
    assert found["service", "w3d3"].state == "lost"
    assert found["service", "w3d3"].because == ("pdu-a", "one-fed", "w3d3")
    assert found["service", "w3d3"].objectives_broken == ("rto",)
    assert found["member", "bracke"].contacts == ("it@bracke.example",)
    assert found["member", "bracke"].after_seconds == 0


def test_a_device_on_two_sides_and_a_redundant_pair_are_degraded_not_lost():
    found = fates("pdu-a")
    assert found["device", "two-fed"].state == "degraded"
    assert found["service", "heroma"].state == "degraded"
    assert found["service", "bookit"].state == "degraded"


def test_what_depends_on_a_lost_service_or_stands_behind_a_lost_switch_is_lost():
    found = fates("pdu-a")
    assert found["service", "portal"].state == "lost"
    assert found["service", "gis"].because == ("pdu-a", "sw-1", "behind", "gis")
    assert found["service", "zappa"].because == ("pdu-a", "one-fed", "vm-1", "zappa")


def test_a_lost_feed_is_carried_by_the_battery_for_its_time():
    one_fed = fates("feed-a")["device", "one-fed"]
    assert one_fed.state == "lost"
    load = (500 // 2 + 500) * 60 // 100
    assert one_fed.after_seconds == pytest.approx(600 - (load - 100) * 540 / 1900, abs=2)


def test_a_battery_without_a_table_has_an_unknown_time_never_nothing():
    assert fates("feed-b")["device", "behind"].after_seconds is None


def test_both_sides_down_loses_what_either_spared():
    found = fates("pdu-a", "pdu-b")
    assert {found["service", name].state for name in ("heroma", "bookit", "w3d3")} == {"lost"}


def test_an_unknown_element_names_the_nearest_one():
    with pytest.raises(UnknownId) as caught:
        fates("pdu-aa")
    assert caught.value.near == "pdu-a"


ELEMENTS = ["feed-a", "panel-a", "ups-a", "pdu-a", "pdu-b", "ups-b", "sw-1", "pair-1", "two-fed"]


@given(st.lists(st.sampled_from(ELEMENTS), min_size=1, unique=True), st.sampled_from(ELEMENTS))
def test_a_larger_set_never_hits_less_and_order_never_matters(down, more):
    smaller, larger = fates(*down), fates(*reversed(down), more)
    rank = {"unaffected": 0, "degraded": 1, "lost": 2}
    assert all(rank[larger[key].state] >= rank[each.state] for key, each in smaller.items())


def test_runtime_is_linear_between_points_first_below_nothing_above_and_ages():
    table, new = {1000: 600, 2000: 200}, date(2026, 1, 1)
    assert runtime_seconds(table, 500, new, 5, new) == 600
    assert runtime_seconds(table, 1500, new, 5, new) == 400
    assert runtime_seconds(table, 2001, new, 5, new) == 0
    assert runtime_seconds(table, 500, new, 5, date(2031, 1, 1)) == 480
    assert runtime_seconds(table, 500, new, 5, date(2060, 1, 1)) == 300
