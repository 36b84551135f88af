"""Counting: readings that follow from the inventory alone, from the rota's shifts and from the halls' energy counters (common.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from samdrift.metering.owners import owner_of
from samdrift.model.hall import HallQuality, HallReading
from samdrift.model.inventory import Inventory
from samdrift.model.reading import UNASSIGNED, Quality, Reading

GIB = 2**30
COUNTED = ("rack-units", "vcpu", "memory", "devices", "zones", "endpoints")
"""The meters that the inventory itself answers."""
MILLIONTHS_A_SECOND = 1_000_000


class Duty(Protocol):
    """A shift, as far as metering asks: which rota's layer, [starts_at, ends_at) in UTC."""

    @property
    def rota(self) -> str: ...
    @property
    def layer(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def counted(inventory: Inventory, at: datetime, before: Mapping[str, Iterable[str]]) -> tuple[Reading, ...]:
    """What there is at an instant, a reading a meter and resource; `before` names the resources that each meter counted last: what is gone ends."""
    found = []
    for meter, resource, quantity in sorted(_quantities(inventory)):
        found.append(_reading(inventory, meter, resource, quantity, at))
    there = {(reading.meter, reading.resource) for reading in found}
    for meter in COUNTED:
        for resource in sorted(set(before.get(meter, ()))):
            if (meter, resource) not in there:
                found.append(Reading(meter, resource, _member(inventory, resource), None, Quality.END, "inventory", at=at))
    return tuple(found)


def _quantities(inventory: Inventory) -> Iterator[tuple[str, str, int]]:
    for device in inventory.devices.values():
        if not device.living:
            continue
        yield "devices", device.id, 1
        if device.rack is not None and device.unit is not None:
            yield "rack-units", device.id, device.height
        if device.kind == "virtual" and device.cpus is not None:
            yield "vcpu", device.id, device.cpus
        if device.kind == "virtual" and device.memory_gib is not None:
            yield "memory", device.id, device.memory_gib * GIB
    for zone in inventory.zones.values():
        yield "zones", f"zone:{zone.id}", 1
    for service in inventory.services.values():
        for endpoint in service.endpoints:
            yield "endpoints", f"service:{service.id}/{endpoint.id}", 1


def on_duty(inventory: Inventory, shifts: Iterable[Duty], start: datetime, end: datetime) -> tuple[Reading, ...]:
    """The hours of duty within [start, end): an interval a shift, in millionths of a second, cut to the window."""
    found = []
    for shift in shifts:
        begin, stop = max(shift.starts_at, start), min(shift.ends_at, end)
        if begin < stop:
            resource = f"rota:{shift.rota}/{shift.layer}"
            seconds = int((stop - begin).total_seconds())
            found.append(Reading("oncall-time", resource, _member(inventory, resource), seconds * MILLIONTHS_A_SECOND, Quality.MEASURED, "alerting", start=begin, end=stop))
    return tuple(found)


def energy(inventory: Inventory, readings: Iterable[HallReading]) -> tuple[Reading, ...]:
    """The energy counters of the IT load, as near to it as there is one: a device's own before its PDU's, a UPS's never. Only good values count (halls.md H4)."""
    good = [one for one in readings if one.quantity == "energy" and one.quality is HallQuality.GOOD and one.value is not None]
    nearer = {outlet.partition("/")[0] for element in {one.element for one in good} for outlet in _supplies(inventory, element)}
    found = []
    for one in good:
        element, device = one.element, inventory.devices.get(one.element)
        if device is None or device.kind == "ups" or element in nearer:
            continue
        quality = Quality.SIMULATED if one.simulated else Quality.MEASURED
        found.append(Reading("energy-it", element, _member(inventory, element), one.value, quality, "halls", at=one.observed_at))
    return tuple(found)


def _supplies(inventory: Inventory, element: str) -> tuple[str, ...]:
    device = inventory.devices.get(element)
    return tuple(device.supplies.values()) if device is not None and device.kind not in {"pdu", "ups"} else ()


def _reading(inventory: Inventory, meter: str, resource: str, quantity: int, at: datetime) -> Reading:
    return Reading(meter, resource, _member(inventory, resource), quantity, Quality.MEASURED, "inventory", at=at)


def _member(inventory: Inventory, resource: str) -> str:
    ownership = owner_of(inventory, resource)
    return ownership.label if ownership and ownership.members else UNASSIGNED
