"""Targets come from the inventory alone, sorted, each with its member and its site."""

from __future__ import annotations

import ipaddress

import pytest

from samdrift.alerting.targets import address_of, site_of, targets, without_target
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device, InterfaceAddresses
from samdrift.model.nouns.settings import Settings


def device(name, **more):
    values = {"kind": "host", "state": "active", "site": "hall-are", "owner": "are", "name": f"{name}.example", **more}
    return Device.model_construct(id=name, **{"roles": (), "runs_on": None, "management": None, "shared_by": None, "addresses": {}, **values})


def at(ipv4=None, ipv6=None):
    read = InterfaceAddresses.model_construct(ipv4=ipv4 and ipaddress.ip_address(ipv4), ipv6=ipv6 and ipaddress.ip_address(ipv6))
    return {"management": read}


def inventory(*devices):
    return Inventory("inventory", Settings(plugin="samdrift", version=1, host_organisation="are"), {"devices": devices})


@pytest.mark.parametrize(
    ("addresses", "management", "expected"),
    [
        (at("10.20.0.1", "2001:db8::1"), None, "[2001:db8::1]:9100"),
        (at("10.20.0.1", "2001:db8::1"), "ipv4", "10.20.0.1:9100"),
        (at("10.20.0.1"), "ipv6", "10.20.0.1:9100"),
        ({}, None, None),
    ],
)
def test_the_address_is_the_one_it_is_managed_by(addresses, management, expected):
    assert address_of(device("a", addresses=addresses, management=management), 9100) == expected


def test_targets_are_sorted_with_member_and_site_and_without_what_is_not_in_service():
    found = targets(
        inventory(
            device("b", addresses=at("10.0.0.2")),
            device("a", addresses=at("10.0.0.1"), owner=None, shared_by=("are", "berg")),
            device("c", addresses=at("10.0.0.3"), state="planned"),
            device("d", addresses=at("10.0.0.4"), kind="switch"),
        ),
        "node",
    )
    assert [(one.address, one.labels) for one in found] == [
        ("10.0.0.1:9100", {"instance": "a", "member": "shared", "site": "hall-are"}),
        ("10.0.0.2:9100", {"instance": "b", "member": "are", "site": "hall-are"}),
    ]


def test_a_virtual_stands_where_its_hypervisor_does_and_a_loop_ends():
    host, guest = device("hv"), device("vm", kind="virtual", site=None, runs_on="hv")
    assert site_of(inventory(host, guest), guest) == "hall-are"
    one, other = device("x", site=None, runs_on="y"), device("y", site=None, runs_on="x")
    assert site_of(inventory(one, other), one) is None


def test_an_active_host_without_an_address_is_named():
    assert without_target(inventory(device("bare"), device("a", addresses=at("10.0.0.1")))) == ("bare",)
