"""Targets: what Prometheus scrapes, from the inventory alone, sorted (monitoring.md labels, common.md 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device

EXPORTER_PORT, NODE_PORT, PROMETHEUS_PORT, ALERTMANAGER_PORT = 9817, 9100, 9090, 9093


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One address with its labels: `instance`, `member`, and `site` where it stands; our own exporter is none of these, its series bear their own."""

    address: str
    labels: Mapping[str, str]


def address_of(device: Device, port: int) -> str | None:
    """Host and port of a device's management address (else its first), IPv6 in brackets; None when it has none."""
    interface = device.addresses.get("management") or next(iter(device.addresses.values()), None)
    if interface is None:
        return None
    first, second = (interface.ipv4, interface.ipv6) if device.management == "ipv4" else (interface.ipv6, interface.ipv4)
    address = first or second
    if address is None:
        return None
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def site_of(inventory: Inventory, device: Device) -> str | None:
    """Where a device stands; a virtual stands where the machine it runs on does."""
    for _ in inventory.devices:
        below = inventory.devices.get(device.runs_on) if device.runs_on else None
        if device.site is not None or below is None:
            break
        device = below
    return device.site


def _devices(inventory: Inventory, wanted: Callable[[Device], bool]) -> Iterator[Device]:
    return (device for _, device in sorted(inventory.devices.items()) if device.living and wanted(device))


def _targets(inventory: Inventory, wanted: Callable[[Device], bool], port: int) -> Iterator[Target]:
    for device in _devices(inventory, wanted):
        address = address_of(device, port)
        if address is not None:
            labels = {"instance": device.id, "member": inventory.ownership(device).label}
            site = site_of(inventory, device)
            yield Target(address, labels | ({"site": site} if site else {}))


def _with_role(role: str) -> Callable[[Device], bool]:
    return lambda device: role in device.roles


def _is_host(device: Device) -> bool:
    return device.kind in {"host", "virtual", "hypervisor"}


JOBS: Mapping[str, Callable[[Inventory], Iterator[Target]]] = MappingProxyType(
    {
        "alertmanager": lambda inventory: _targets(inventory, _with_role("alertmanager"), ALERTMANAGER_PORT),
        "node": lambda inventory: _targets(inventory, _is_host, NODE_PORT),
        "prometheus": lambda inventory: _targets(inventory, _with_role("prometheus"), PROMETHEUS_PORT),
    }
)
"""Scrape job → its targets; the job's name is in the path `/sd/JOB` and in prometheus/targets/<job>/."""


def targets(inventory: Inventory, job: str) -> tuple[Target, ...]:
    """The targets of a job, sorted by device; KeyError for a job that is none."""
    return tuple(JOBS[job](inventory))


def without_target(inventory: Inventory) -> tuple[str, ...]:
    """Active hosts without an address to scrape: each is a failure of the rendering (monitoring.md M5)."""
    return tuple(device.id for device in _devices(inventory, _is_host) if address_of(device, NODE_PORT) is None)


def as_service_discovery(found: tuple[Target, ...]) -> list[dict[str, object]]:
    """Prometheus' HTTP and file service discovery: [{targets, labels}]."""
    return [{"targets": [target.address], "labels": dict(sorted(target.labels.items()))} for target in found]
