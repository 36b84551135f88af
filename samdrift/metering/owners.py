"""Owners: whose a metered resource is, from the inventory (costs.md M7, backup.md 1)."""

from __future__ import annotations

from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership

SHARED_PREFIX = "shared-"


def owner_of(inventory: Inventory, resource: str) -> Ownership | None:
    """A resource's ownership; None when the inventory does not know it.

    A device by its id, `zone:ID`, `service:ID/ENDPOINT` (an endpoint that answers for one member is that member's), `rota:ID/LAYER` (everybody's),
    a backup by its id, a repository as `<member>/<name>` or `shared-<service>/<name>`.
    """
    if resource in inventory.devices:
        return inventory.ownership(inventory.devices[resource])
    noun, colon, name = resource.partition(":")
    if colon:
        return _of_noun(inventory, noun, name)
    backup = inventory.backups.get(resource)
    if backup is not None:
        return _of_backup(inventory, backup.service)
    return _of_repository(inventory, resource)


def _of_noun(inventory: Inventory, noun: str, name: str) -> Ownership | None:
    if noun == "zone" and name in inventory.zones:
        return inventory.ownership(inventory.zones[name])
    if noun == "rota":
        return Ownership.of(None, tuple(sorted(inventory.members)))
    service, _, part = name.partition("/")
    if noun == "service" and service in inventory.services:
        endpoint = next((one for one in inventory.services[service].endpoints if one.id == part), None)
        return Ownership.of(endpoint.member, None) if endpoint and endpoint.member else _of_service(inventory, service)
    return None


def _of_service(inventory: Inventory, service: str) -> Ownership | None:
    return inventory.ownership(inventory.services[service]) if service in inventory.services else None


def _of_backup(inventory: Inventory, service: str) -> Ownership | None:
    """Whoever operates the service keeps it safe; a joint one is its users' (backup.md 1)."""
    operator = inventory.services[service].operator if service in inventory.services else ""
    return Ownership.of(operator, None) if operator in inventory.members else _of_service(inventory, service)


def _of_repository(inventory: Inventory, resource: str) -> Ownership | None:
    owner, slash, _ = resource.partition("/")
    if slash and owner in inventory.members:
        return Ownership.of(owner, None)
    return _of_service(inventory, owner.removeprefix(SHARED_PREFIX)) if slash and owner.startswith(SHARED_PREFIX) else None
