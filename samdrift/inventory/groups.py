"""Groups: the inventory as Ansible sees it, hosts with variables and groups of them (I14, I15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device
from samdrift.model.ownership import Ownership

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_]")
_INTERFACES = ("management", "server")
"""Where a playbook reaches a device, before any other interface."""


@dataclass(frozen=True, slots=True)
class HostView:
    """One host: its variables, and the groups it stands in, sorted."""

    id: str
    variables: Mapping[str, Any]
    groups: tuple[str, ...]


def group_name(*parts: str) -> str:
    """The name of a group of ids and words: `member_region_jh` (`-` becomes `_`).

    >>> group_name("member", "region-jh")
    'member_region_jh'
    """
    return _NOT_A_NAME.sub("_", "_".join(parts))


def sources(
    device: Device, ownership: Ownership, services: Iterable[str], window: str | None, targets: Iterable[str] = ()
) -> Iterator[tuple[str, ...]]:
    """The words that each group of a device is named after."""
    if device.state == "planned":
        yield ("planned",)
        return
    if ownership.sole:
        yield ("member", ownership.sole)
    elif ownership.members:
        yield ("shared",)
    yield from (("serves", member) for member in ownership.members)
    if ownership.members:
        yield ("owners", *ownership.members)
    if device.site:
        yield ("site", device.site)
        if device.rack:
            yield ("rack", device.site, device.rack)
    yield from (("role", role) for role in device.roles)
    yield from (("service", service) for service in services)
    yield from (("target", target) for target in targets)
    if device.redundancy_group:
        yield ("redundancy", device.redundancy_group)
    if window:
        yield ("window", window)
    if device.platform:
        yield ("platform", device.platform)
    yield ("kind", device.kind)


def address(device: Device, family: str) -> str | None:
    """The address that a playbook uses: of the family, on the management interface if it has one; else of the other family."""
    names = [
        *(name for name in _INTERFACES if name in device.addresses),
        *(name for name in sorted(device.addresses) if name not in _INTERFACES),
    ]
    for wanted in (family, "ipv4" if family == "ipv6" else "ipv6"):
        for name in names:
            found = getattr(device.addresses[name], wanted)
            if found is not None:
                return str(found)
    return None


def services_by_device(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Device id → ids of the services that stand on it directly, sorted."""
    found: dict[str, list[str]] = {}
    for service in sorted(inventory.services):
        for device in dict.fromkeys(inventory.services[service].devices):
            found.setdefault(device, []).append(service)
    return {device: tuple(services) for device, services in found.items()}


def hosts(inventory: Inventory) -> Iterator[HostView]:
    """Every host in the order of ids; retired devices are none, planned ones stand in `planned` alone."""
    services, defaults = services_by_device(inventory), inventory.settings.defaults
    targets = [(target.device, target.id) for target in inventory.backup_targets.values()]
    for _, device in sorted(inventory.devices.items()):
        if device.state == "retired":
            continue
        ownership, standing, window = (
            inventory.ownership(device),
            services.get(device.id, ()),
            device.window or defaults.window,
        )
        stored = [target for on, target in targets if on == device.id]
        names = sorted({group_name(*words) for words in sources(device, ownership, standing, window, stored)})
        yield HostView(device.id, _variables(inventory, device, ownership, standing, window), tuple(names))


def _variables(
    inventory: Inventory, device: Device, ownership: Ownership, services: tuple[str, ...], window: str | None
) -> dict[str, Any]:
    defaults = inventory.settings.defaults
    sole = inventory.members.get(ownership.sole or "")
    shared: Mapping[str, Any] = sole.vars if sole else {}
    found: dict[str, Any] = {name: plain(value) for name, value in {**shared, **device.vars}.items()}
    reached = address(device, device.management or defaults.management)
    if reached:
        found["ansible_host"] = reached
    found["ansible_user"] = defaults.user
    found["samdrift_owners"] = list(ownership.members)
    found["samdrift_redundancy_group"] = device.redundancy_group
    found["samdrift_rack"] = device.rack
    found["samdrift_services"] = list(services)
    found["samdrift_site"] = device.site
    found["samdrift_state"] = device.state
    found["samdrift_window"] = window
    return found


def plain(value: Any) -> Any:
    """Lists instead of tuples, all the way down, as JSON and Ansible have them."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value
