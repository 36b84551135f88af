"""Show an object: whose it is, where it stands, whom to ring, what depends on it (inventory.md 1)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.inventory.objects import leads_to, named_by, objects
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns import nouns
from samdrift.model.nouns.member import Contact
from samdrift.model.object_view import ObjectView, Tie
from samdrift.model.viewer import Viewer
from samdrift.operations.list_inventory import seen


@dataclass(frozen=True, slots=True)
class Shown:
    """An object with its owners' contacts, the agreement's pools and contracts that it is in, and its ties both ways."""

    view: ObjectView
    contacts: tuple[tuple[str, Contact], ...]
    agreements: tuple[tuple[str, str, str], ...]
    depends_on: tuple[Tie, ...]
    needed_by: tuple[Tie, ...]


def show_object(inventory: Inventory, given: str, *, viewer: Viewer) -> tuple[Shown, ...]:
    """Every object of an id (`ost-lib-1`, or `device:ost-lib-1`); what the viewer may not see answers as unknown, in the same words."""
    word, colon, rest = given.partition(":")
    wanted = rest if colon else given
    nouns_wanted = (
        {noun for noun, spec in nouns().items() if word in {noun, spec.one.replace(" ", "-")}}
        if colon
        else set(nouns())
    )
    all_views = [view for view in objects(inventory) if seen(view, viewer)]
    found = [view for view in all_views if view.id == wanted and view.noun in nouns_wanted]
    if not found:
        unknown = UnknownId("object", given, [view.id for view in all_views])
        unknown.help = unknown.help if unknown.near else "list them: samdrift inventory list"
        raise unknown
    visible = {(view.noun, view.id) for view in all_views}
    return tuple(_shown(inventory, view, viewer, visible) for view in found)


def _shown(inventory: Inventory, view: ObjectView, viewer: Viewer, visible: set[tuple[str, str]]) -> Shown:
    services = view.services or ((view.id,) if view.noun == "services" else ())
    return Shown(
        view,
        contacts=tuple(
            (member, contact)
            for member in view.members
            if member in inventory.members and viewer.sees(member)
            for contact in inventory.contacts(member)
        ),
        agreements=tuple(_agreements(inventory, services, visible)),
        depends_on=tuple(tie for tie in leads_to(view.noun, view.thing) if (tie.noun, tie.id) in visible),
        needed_by=tuple(tie for tie in named_by(inventory, view.noun, view.id) if (tie.noun, tie.id) in visible),
    )


def _agreements(
    inventory: Inventory, services: tuple[str, ...], visible: set[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """(agreement's or contract's id, pool or kind, service), sorted."""
    found = {
        (version.id, name, pool.service)
        for version in inventory.agreements
        for name, pool in version.pools.items()
        if pool.service in services
    }
    found |= {
        (contract.id, contract.kind, service)
        for contract in inventory.contracts.values() if ("contracts", contract.id) in visible
        for service in contract.services if service in services
    }  # fmt: skip
    return sorted((one, other, service or "") for one, other, service in found)
