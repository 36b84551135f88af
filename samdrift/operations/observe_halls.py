"""Observe the halls: poll every source once, judge, record; one source's failure is that source's reading (halls.md H3, H4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from samdrift.adapters.nut import PORT, read_ups
from samdrift.halls.readings import judge_nut
from samdrift.halls.simulated import readings_of
from samdrift.model.finding import Reason
from samdrift.model.hall import HallQuality, HallReading
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device
from samdrift.store import Store
from samdrift.store.hall import record_readings

WORKERS = 16


def observe_halls(inventory: Inventory, *, at: datetime, site: str | None = None) -> tuple[HallReading, ...]:
    """One poll of every living device that has a source, over IPv6 first where it has both; sorted by id.

    A real source that fails never falls back to simulated; its reading says why it has no value.
    """
    devices = [
        device
        for device in inventory.devices.values()
        if device.observe and device.living and site in {None, device.site}
    ]
    with ThreadPoolExecutor(max_workers=WORKERS) as workers:
        found = list(workers.map(lambda device: _observe(inventory, device, at), devices))
    return tuple(sorted((reading for each in found for reading in each), key=lambda reading: reading.id))


def record_poll(store: Store, readings: tuple[HallReading, ...]) -> int:
    """Write one poll whole or not at all; gives how many readings were new."""
    with store.write() as connection:
        return record_readings(connection, readings)


def _observe(inventory: Inventory, device: Device, at: datetime) -> tuple[HallReading, ...]:
    observe = device.observe
    assert observe is not None
    if observe.by == "simulated":
        return readings_of(device, at)
    if observe.by == "nut":
        return _nut(inventory, device, at)
    missing = HallReading(
        device.site or "",
        device.id,
        "state",
        "words",
        HallQuality.MISSING,
        simulated=False,
        observed_at=at,
        source=observe.by,
    )
    return (replace(missing, reason=Reason.NO_DATA),)


def _nut(inventory: Inventory, device: Device, at: datetime) -> tuple[HallReading, ...]:
    observe = device.observe
    assert observe is not None
    values = None
    for address in management_addresses(inventory, device):
        values = read_ups(address, observe.ups or device.id, device.id, port=observe.port or PORT)
        if any(raw.text is not None for raw in values):
            break
    if values is None:
        return (
            HallReading(
                device.site or "",
                device.id,
                "state",
                "words",
                HallQuality.MISSING,
                False,
                at,
                "nut",
                reason=Reason.UNREACHABLE,
            ),
        )
    return judge_nut(values, device.site or "", "nut", at)


def management_addresses(inventory: Inventory, device: Device) -> tuple[str, ...]:
    """The device's management addresses (else any), the family it is managed over first."""
    interface = device.addresses.get("management") or next(iter(device.addresses.values()), None)
    if interface is None:
        return ()
    family = device.management or inventory.settings.defaults.management
    ordered = (interface.ipv6, interface.ipv4) if family == "ipv6" else (interface.ipv4, interface.ipv6)
    return tuple(str(address) for address in ordered if address is not None)
