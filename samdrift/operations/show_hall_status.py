"""Show the halls' state: the newest readings as they count now, or a poll made at once (halls.md 4 `hall status`)."""

from __future__ import annotations

from datetime import datetime

from samdrift.halls.readings import aged
from samdrift.model.errors import UnknownId
from samdrift.model.hall import HallReading
from samdrift.model.inventory import Inventory
from samdrift.model.viewer import Viewer
from samdrift.operations.observe_halls import observe_halls
from samdrift.store import Store
from samdrift.store.hall import newest_readings

POLL_SECONDS = {"ups": 10}
DEFAULT_POLL_SECONDS = 30


def show_hall_status(
    inventory: Inventory,
    store: Store | None,
    *,
    viewer: Viewer,
    at: datetime,
    site: str | None = None,
    now: bool = False,
) -> tuple[HallReading, ...]:
    """Readings that the viewer may see; `now` reaches for the devices and stores nothing."""
    if site is not None and site not in inventory.sites:
        raise UnknownId("site", site, inventory.sites)
    visible = visible_elements(inventory, viewer)
    if now:
        return tuple(reading for reading in observe_halls(inventory, at=at, site=site) if reading.element in visible)
    if store is None:
        return ()
    with store.read() as connection:
        stored = newest_readings(connection, viewer=viewer, elements=visible)
    return tuple(
        aged(reading, at, poll_seconds(inventory, reading.element))
        for reading in stored
        if site in {None, reading.site}
    )


def visible_elements(inventory: Inventory, viewer: Viewer) -> frozenset[str]:
    """Devices with a source that the viewer owns or uses a service on; operations sees all."""
    found = set()
    for device in inventory.devices.values():
        members = set(inventory.ownership(device).members)
        for service in inventory.services_of(device.id):
            members.update(inventory.users(service))
        if device.observe and viewer.sees_any(members):
            found.add(device.id)
    return frozenset(found)


def poll_seconds(inventory: Inventory, element: str) -> int:
    """How often an element is polled: its own `every`, else 10 s for a UPS and 30 s for the rest."""
    device = inventory.devices.get(element)
    if device is None:
        return DEFAULT_POLL_SECONDS
    return (device.observe.every if device.observe and device.observe.every else None) or POLL_SECONDS.get(
        device.kind, DEFAULT_POLL_SECONDS
    )
