"""Impact: who is hit when a set of elements is taken down, from device to service, member and contact (halls.md H12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from samdrift.halls.graph import PowerGraph
from samdrift.model.errors import UnknownId
from samdrift.model.hall import Impact, ImpactState
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.service import Service

Fate = tuple[ImpactState, int | None, tuple[str, ...]]
"""State, seconds until it holds, chain of causes."""
RANK: Mapping[ImpactState, int] = {"lost": 0, "degraded": 1, "unaffected": 2}


def impact_of(inventory: Inventory, down: Collection[str], on: date) -> tuple[Impact, ...]:
    """Every device, service and member with its fate, those hit first; the order of `down` does not matter.

    Raises UnknownId naming the nearest element. No cascade of overloads yet (H11).
    """
    graph = PowerGraph.of(inventory, on)
    for name in sorted(down):
        if name not in graph.elements:
            raise UnknownId("element", name, graph.elements)
    devices = _devices(inventory, graph, down)
    services = _services(inventory, devices)
    found = [_device_impact(inventory, name, fate) for name, fate in devices.items()]
    found += [_service_impact(inventory, inventory.services[name], fate) for name, fate in services.items()]
    found += _member_impacts(inventory, services)
    return tuple(
        sorted(found, key=lambda each: (("member", "service", "device").index(each.noun), RANK[each.state], each.id))
    )


def _devices(inventory: Inventory, graph: PowerGraph, down: Collection[str]) -> dict[str, Fate]:
    dead = graph.dead(down)
    fates: dict[str, Fate] = {}
    for device in inventory.devices.values():
        if device.id not in graph.elements:
            continue
        if device.id in dead:
            fates[device.id] = ("lost", *dead[device.id])
            continue
        inputs = graph.elements[device.id].inputs
        hit = sorted(name for name in inputs if name in dead)
        fates[device.id] = (
            ("degraded", dead[hit[0]][0], (*dead[hit[0]][1], device.id)) if hit else ("unaffected", None, ())
        )
    return _unreachable(inventory, fates)


def _unreachable(inventory: Inventory, fates: dict[str, Fate]) -> dict[str, Fate]:
    """A device whose uplinks are all lost is lost to its users, though it has power."""
    changed = True
    while changed:
        changed = False
        for device in inventory.devices.values():
            if device.id not in fates or fates[device.id][0] == "lost" or not device.uplinks:
                continue
            known = [fates[uplink] for uplink in device.uplinks if uplink in fates]
            if known and all(fate[0] == "lost" for fate in known):
                last = max(known, key=lambda fate: (fate[1] is None, fate[1] or 0))
                fates[device.id] = ("lost", last[1], (*last[2], device.id))
                changed = True
    return fates


def _services(inventory: Inventory, devices: Mapping[str, Fate]) -> dict[str, Fate]:
    fates = {
        service.id: _stands(inventory, service, devices)
        for service in inventory.services.values()
        if service.state == "active"
    }
    changed = True
    while changed:
        changed = False
        for name, fate in fates.items():
            for needed in inventory.services[name].depends_on:
                other = fates.get(needed)
                if other and RANK[other[0]] < RANK[fates[name][0]]:
                    fates[name] = (other[0], other[1], (*other[2], name))
                    changed = True
            del fate
    return fates


def _stands(inventory: Inventory, service: Service, devices: Mapping[str, Fate]) -> Fate:
    """Lost when a redundancy group falls under what it needs, or a device of no group is lost; degraded when anything is hit."""
    groups: dict[str, list[str]] = {}
    for name in service.devices:
        device = inventory.devices.get(name)
        if device and device.living:
            groups.setdefault(device.redundancy_group or f"device:{name}", []).append(name)
    verdict: Fate = ("unaffected", None, ())
    for group, names in sorted(groups.items()):
        lost = sorted(
            (devices[name] for name in names if devices[name][0] == "lost"),
            key=lambda fate: (fate[1] is None, fate[1] or 0, fate[2]),
        )
        needs = inventory.redundancy[group].needs if group in inventory.redundancy else len(names)
        spare = len(names) - needs
        if len(lost) > max(spare, 0):
            fate: Fate = ("lost", lost[max(spare, 0)][1], (*lost[max(spare, 0)][2], service.id))
        else:
            hit = next((devices[name] for name in sorted(names) if devices[name][0] != "unaffected"), None)
            fate = ("degraded", hit[1], (*hit[2], service.id)) if hit else ("unaffected", None, ())
        if RANK[fate[0]] < RANK[verdict[0]]:
            verdict = fate
    return verdict


def _device_impact(inventory: Inventory, name: str, fate: Fate) -> Impact:
    device = inventory.devices[name]
    members = set(inventory.ownership(device).members)
    for service in inventory.services_of(name):
        members.update(inventory.users(service))
    return Impact(
        "device",
        name,
        fate[0],
        fate[1],
        fate[2],
        tuple(sorted(members)),
        contacts_of(inventory, members) if fate[0] != "unaffected" else (),
    )


def _service_impact(inventory: Inventory, service: Service, fate: Fate) -> Impact:
    members = inventory.users(service)
    broken = []
    if fate[0] == "lost" and service.rto is not None:
        broken.append("rto")
    if fate[0] == "degraded":
        broken.append("redundancy")
    return Impact(
        "service",
        service.id,
        fate[0],
        fate[1],
        fate[2],
        members,
        contacts_of(inventory, members) if fate[0] != "unaffected" else (),
        tuple(broken),
    )


def _member_impacts(inventory: Inventory, services: Mapping[str, Fate]) -> list[Impact]:
    found = []
    for member in sorted(inventory.members):
        own = [
            (RANK[fate[0]], name, fate)
            for name, fate in sorted(services.items())
            if member in inventory.users(inventory.services[name])
        ]
        state, seconds, because = min(
            own, default=(2, "", ("unaffected", None, ())), key=lambda each: (each[0], each[1])
        )[2]
        hit = state != "unaffected"
        found.append(
            Impact(
                "member", member, state, seconds, because, (member,), contacts_of(inventory, (member,)) if hit else ()
            )
        )
    return found


def contacts_of(inventory: Inventory, members: Collection[str]) -> tuple[str, ...]:
    """The members' IT managers by e-mail, sorted by member."""
    return tuple(
        contact.email
        for member in sorted(members)
        if member in inventory.members
        for contact in inventory.contacts(member)
        if contact.role == "it-manager"
    )
