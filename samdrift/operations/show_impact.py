"""Show who is hit when elements are taken down, within what the viewer may see (halls.md H12, 4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from samdrift.halls.impact import contacts_of, impact_of
from samdrift.model.errors import UnknownId
from samdrift.model.hall import Impact
from samdrift.model.inventory import Inventory
from samdrift.model.period import local_day
from samdrift.model.viewer import Viewer

OUTSIDE = "another part"


def show_impact(inventory: Inventory, down: Collection[str], *, viewer: Viewer, at: datetime) -> tuple[Impact, ...]:
    """Every device, service and member hit, first those hit worst; a member's viewer sees its own, others are one word in a chain.

    An element that carries nothing of the member's is unknown to it, in the same words as one that does not exist.
    """
    found = impact_of(inventory, down, local_day(at))
    if viewer.role != "member":
        return found
    own = [_narrowed(inventory, each, viewer) for each in found if viewer.sees_any(each.members)]
    hit = [each for each in own if each.state != "unaffected"]
    if not hit:
        raise UnknownId("element", min(down))
    return tuple(own)


def _narrowed(inventory: Inventory, impact: Impact, viewer: Viewer) -> Impact:
    members = tuple(member for member in impact.members if viewer.sees(member))
    because = tuple(name if _may_name(inventory, name, viewer) else OUTSIDE for name in impact.because)
    return replace(
        impact, members=members, because=because, contacts=contacts_of(inventory, members) if impact.contacts else ()
    )


def _may_name(inventory: Inventory, name: str, viewer: Viewer) -> bool:
    if name in inventory.services:
        return viewer.sees_any(inventory.users(inventory.services[name]))
    if name in inventory.devices:
        device = inventory.devices[name]
        users = {member for service in inventory.services_of(name) for member in inventory.users(service)}
        return viewer.sees_any({*inventory.ownership(device).members, *users})
    return True
