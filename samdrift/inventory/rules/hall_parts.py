"""Rooms, aisles, batteries, works and fail-overs of a hall fit together (halls.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`unknown-reference` inside a site, `cooling-serves-nothing`, `battery-table-rises`, `takes-down-unknown`, `fail-over-same-site`."""
    for site in loaded.all("sites"):
        if site.whole:
            yield from _site(site)
    elements = set(loaded.ids("devices")) | {
        element.id for site in loaded.all("sites") for element in (*site.thing.power, *site.thing.cooling)
    }
    for placed in loaded.all("devices"):
        if placed.thing.battery is not None:
            yield from _battery(placed)
    for work in loaded.all("planned-work"):
        for index, name in enumerate(work.thing.takes_down):
            if name not in elements and "sites" not in loaded.doubtful and not loaded.may_be_elsewhere(name):
                near = nearest(name, elements)
                yield work.problem(
                    "takes-down-unknown",
                    f"there is no element {name!r}",
                    "takes_down",
                    index,
                    help=f"did you mean {near!r}?" if near else None,
                )
        if work.thing.until <= work.thing.from_:
            yield work.problem("out-of-range", "the work ends before it begins", "until")
    for service in loaded.all("services"):
        yield from _fail_over(loaded, service)


def _site(site: Placed) -> Iterator[Problem]:
    rooms, aisles = (
        {room.id for room in site.thing.rooms},
        {aisle for room in site.thing.rooms for aisle in room.aisles},
    )
    for index, rack in enumerate(site.thing.racks):
        if rack.room is not None and rack.room not in rooms:
            yield site.problem("unknown-reference", f"{site.id} has no room {rack.room!r}", "racks", index, "room")
        if rack.aisle is not None and rack.aisle not in aisles:
            yield site.problem("unknown-reference", f"{site.id} has no aisle {rack.aisle!r}", "racks", index, "aisle")
    for index, unit in enumerate(site.thing.cooling):
        if not aisles.intersection(unit.aisles):
            yield site.problem(
                "cooling-serves-nothing", f"{unit.id} cools no aisle of {site.id}", "cooling", index, "aisles"
            )


def _battery(placed: Placed) -> Iterator[Problem]:
    rows = sorted(
        (int(load), seconds, load) for load, seconds in placed.thing.battery.runtime.items() if load.isdecimal()
    )
    for load in placed.thing.battery.runtime:
        if not load.isdecimal():
            yield placed.problem("wrong-type", "a load must be whole watts", "battery", "runtime", load, key=True)
    for (_, before, _), (_, after, load) in pairwise(rows):
        if after > before:
            message = f"the battery of {placed.id} cannot last longer at a higher load"
            yield placed.problem("battery-table-rises", message, "battery", "runtime", load)


def _fail_over(loaded: Loaded, service: Placed) -> Iterator[Problem]:
    plan, devices = service.thing.fail_over, loaded.by_id("devices")
    if plan is None:
        return
    home = {devices[name].thing.site for name in service.thing.devices if name in devices and name not in plan.devices}
    for index, name in enumerate(plan.devices):
        if name in devices and home == {devices[name].thing.site}:
            message = f"{name} stands at {devices[name].thing.site}, where {service.id} stands already"
            yield service.problem(
                "fail-over-same-site", message, "fail_over", "devices", index, related=(devices[name].place("site"),)
            )


RULE = Rule(
    "hall-parts",
    (
        "unknown-reference",
        "cooling-serves-nothing",
        "battery-table-rises",
        "takes-down-unknown",
        "fail-over-same-site",
        "out-of-range",
        "wrong-type",
    ),
    judge,
)
