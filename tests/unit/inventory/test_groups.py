"""Groups and addresses as Ansible gets them."""

from __future__ import annotations

import pytest

from samdrift.inventory.groups import group_name, hosts
from samdrift.inventory.loading import inventory_of
from samdrift.inventory.loops import loops
from tests.inventory.small import judged

BOTH = 'addresses: {server: {ipv4: 10.0.0.9, ipv6: "2001:db8::9"}, management: {ipv4: 10.0.0.1, ipv6: "2001:db8::1"}}'


def seen(text, **files):
    return {host.id: host for host in hosts(inventory_of(judged({"devices.yml": text, **files}, ground="hall")))}


def device(name, more):
    return f"- {{id: {name}, name: {name}.example, kind: appliance, site: hall-a, rack: a1, {more}}}\n"


def test_a_hyphen_becomes_an_underscore():
    assert group_name("member", "region-jh") == "member_region_jh"


def test_a_sole_owners_host_and_a_shared_one_stand_in_the_groups_of_their_owners():
    found = seen(
        device("d-1", "owner: region-jh, state: active") + device("d-2", "shared_by: [krokom, are], state: active")
    )
    assert {
        "member_region_jh",
        "serves_region_jh",
        "owners_region_jh",
        "site_hall_a",
        "rack_hall_a_a1",
        "kind_appliance",
    } == set(found["d-1"].groups)
    assert {"shared", "serves_are", "serves_krokom", "owners_are_krokom"} <= set(found["d-2"].groups)
    assert found["d-2"].variables["samdrift_owners"] == ["are", "krokom"]


def test_retired_is_no_host_and_planned_stands_in_planned_alone():
    found = seen(device("d-1", "owner: are, state: retired") + device("d-2", "owner: are, state: planned"))
    assert {name: host.groups for name, host in found.items()} == {"d-2": ("planned",)}


@pytest.mark.parametrize(
    ("family", "wanted"),
    [("management: ipv4", "10.0.0.1"), ("management: ipv6", "2001:db8::1"), ("kg: 1", "2001:db8::1")],
)
def test_the_address_is_of_the_management_interface_and_the_family_asked_for(family, wanted):
    found = seen(device("d-1", f"owner: are, state: active, {family}, {BOTH}"))
    assert found["d-1"].variables["ansible_host"] == wanted


def test_a_host_without_an_address_of_the_family_is_reached_by_the_other():
    found = seen(device("d-1", "owner: are, state: active, addresses: {management: {ipv4: 10.0.0.1}}"))
    assert found["d-1"].variables["ansible_host"] == "10.0.0.1"


def test_each_circle_is_told_once():
    assert sorted(loops({"a": ["b"], "b": ["a", "c"], "c": ["c"], "d": ["a"]})) == [("a", "b"), ("c",)]
