"""The power graph: feeds, panels, transfer switches, UPSs, PDUs, and the devices that hang on them (halls.md H1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from samdrift.halls.runtime import runtime_seconds
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device

SOURCES = frozenset({"feed", "generator"})
NAMEPLATE_LOAD_PERCENT = 60
"""The share of a nameplate that is taken as load where nothing is measured (H2)."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `inputs` are element ids; it lives while `needs` of them do. `carries_seconds`: a UPS's time on battery, None = unknown, 0 = none."""

    id: str
    kind: str
    site: str
    inputs: tuple[str, ...]
    needs: int
    carries_seconds: int | None = 0


@dataclass(frozen=True)
class PowerGraph:
    """All elements by id; devices are elements too (their inputs are what their supplies hang on)."""

    elements: Mapping[str, Element]

    @classmethod
    def of(cls, inventory: Inventory, on: date) -> PowerGraph:
        """From the inventory as it is on a date (a battery's age counts); retired and planned devices are not in it."""
        found: dict[str, Element] = {}
        for site in inventory.sites.values():
            for power in site.power:
                inputs = _names(power.fed_by)
                found[power.id] = Element(power.id, power.kind, site.id, inputs, 0 if power.kind in SOURCES else 1)
            for unit in site.cooling:
                found[unit.id] = Element(unit.id, "cooling", site.id, _names(unit.fed_by), 1 if unit.fed_by else 0)
        living = [device for device in inventory.devices.values() if device.living]
        for device in living:
            found[device.id] = _element(device, living, on)
        return cls(dict(sorted(found.items())))

    def dead(self, down: Collection[str]) -> dict[str, tuple[int | None, tuple[str, ...]]]:
        """Element → (seconds until it dies, chain of causes from the element taken down); those that live on are not in it."""
        fallen: dict[str, tuple[int | None, tuple[str, ...]]] = {name: (0, (name,)) for name in sorted(down)}
        changed = True
        while changed:
            changed = False
            for element in self.elements.values():
                verdict = self._dies(element, fallen) if element.id not in down else None
                if verdict is not None and fallen.get(element.id) != verdict:
                    fallen[element.id] = verdict
                    changed = True
        return fallen

    def _dies(
        self, element: Element, fallen: Mapping[str, tuple[int | None, tuple[str, ...]]]
    ) -> tuple[int | None, tuple[str, ...]] | None:
        lost = [fallen[name] for name in element.inputs if name in fallen]
        if not element.needs or len(element.inputs) - len(lost) >= element.needs:
            return None
        order = sorted(lost, key=lambda each: (each[0] is None, each[0] or 0, each[1]))
        seconds, causes = order[len(element.inputs) - element.needs]
        carried = None if seconds is None or element.carries_seconds is None else seconds + element.carries_seconds
        return (carried, (*causes, element.id))


def _names(references: tuple[str, ...]) -> tuple[str, ...]:
    """The elements behind `panel/circuit` and `pdu/outlet` references."""
    return tuple(reference.partition("/")[0] for reference in references)


def _element(device: Device, devices: Collection[Device], on: date) -> Element:
    inputs = _names((*device.fed_by, *device.supplies.values()))
    if device.runs_on:
        inputs = (device.runs_on,)
    needs = device.needs_supplies if device.supplies else 1
    carries: int | None = 0
    if device.kind == "ups":
        carries = _carries(device, devices, on)
    return Element(device.id, device.kind, device.site or "", inputs, needs if inputs else 0, carries)


def _carries(ups: Device, devices: Collection[Device], on: date) -> int | None:
    """Seconds on battery at nameplate load, or None when the inventory has no table."""
    if ups.battery is None or not ups.battery.runtime:
        return None
    table = {int(watts): seconds for watts, seconds in ups.battery.runtime.items()}
    return runtime_seconds(table, nameplate_load(ups.id, devices), ups.battery.installed, ups.battery.design_years, on)


def nameplate_load(element: str, devices: Collection[Device]) -> int:
    """Watts that hang on an element by nameplate × 60 %, a device's load divided over its supplies."""
    total = 0
    for device in devices:
        inputs = _names((*device.fed_by, *device.supplies.values()))
        if element in inputs:
            if device.kind in {"ups", "pdu"}:
                total += nameplate_load(device.id, devices)
            elif device.watts:
                total += device.watts * NAMEPLATE_LOAD_PERCENT * inputs.count(element) // (100 * len(inputs))
    return total
