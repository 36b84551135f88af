"""Owners: whose a metered resource is, from the inventory (costs.md M7, backup.md 1)."""

from __future__ import annotations

from samdrift.model.inventory import Inventory
from samdrift.model.ownership import Ownership

SHARED_PREFIX = "shared-"


def owner_of(inventory: Inventory, resource: str) -> Ownership | None:
    """A device's, network's or repository's ownership; None when the inventory does not know the resource.

    A repository is `<member>/<name>` or `shared-<service>/<name>`.
    """
    if resource in inventory.devices:
        return inventory.ownership(inventory.devices[resource])
    owner, slash, _ = resource.partition("/")
    if slash and owner in inventory.members:
        return Ownership.of(owner, None)
    service = (
        inventory.services.get(owner.removeprefix(SHARED_PREFIX)) if slash and owner.startswith(SHARED_PREFIX) else None
    )
    return inventory.ownership(service) if service else None
