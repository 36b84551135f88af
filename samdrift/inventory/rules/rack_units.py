"""A rack unit holds one device, and the rack has it."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`rack-unit-taken` at the later of two devices, `rack-unit-outside` above the rack's top."""
    units = {(site.id, rack.id): rack.units for site in loaded.all("sites") for rack in site.thing.racks}
    first: dict[tuple[str, str, int], Placed] = {}
    for placed in loaded.all("devices"):
        device = placed.thing
        if device.unit is None or device.rack is None or device.site is None or device.state == "retired":
            continue
        top = device.unit + device.height - 1
        size = units.get((device.site, device.rack), 60)
        if top > size:
            yield placed.problem(
                "rack-unit-outside", f"{placed.id} reaches unit {top}, rack {device.rack} has {size}", "unit"
            )
        told: set[str] = set()
        for unit in range(device.unit, top + 1):
            other = first.setdefault((device.site, device.rack, unit), placed)
            if other is not placed and other.id not in told:
                told.add(other.id)
                message = f"unit {unit} of rack {device.rack} in {device.site} holds {other.id} already"
                yield placed.problem(
                    "rack-unit-taken", message, "unit", help="move one of them", related=(other.place("unit"),)
                )


RULE = Rule("rack-units", ("rack-unit-taken", "rack-unit-outside"), judge)
