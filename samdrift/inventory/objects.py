"""Objects: each object of the inventory as people and programs list it, with whose it is and what it leads to (inventory.md 4)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from samdrift.inventory.groups import hosts, services_by_device
from samdrift.inventory.references import TABLE, Reference, steps_of, values
from samdrift.model.inventory import Inventory
from samdrift.model.nouns import nouns
from samdrift.model.nouns.waiver import Waiver
from samdrift.model.object_view import ObjectView, Tie

_OWNED = frozenset({"devices", "networks", "zones", "services"})
_NO_TIES = frozenset({"members", "known:meters"})


def objects(inventory: Inventory) -> Iterator[ObjectView]:
    """Every object, by noun and id."""
    views = {host.id: host for host in hosts(inventory)}
    services = services_by_device(inventory)
    for noun in sorted(nouns()):
        for thing in sorted(inventory.all(noun), key=lambda thing: str(thing.id)):
            host = views.get(thing.id) if noun == "devices" else None
            yield ObjectView(
                noun, thing.id, thing, members_of(inventory, noun, thing), inventory.place(noun, thing.id),
                groups=host.groups if host else (), services=services.get(thing.id, ()) if noun == "devices" else (),
                variables=host.variables if host else None, addresses=_addresses(thing) if noun == "devices" else {},
            )  # fmt: skip


def _addresses(device: Any) -> dict[str, dict[str, str | None]]:
    return {
        name: {
            family: str(getattr(found, family)) if getattr(found, family) is not None else None
            for family in ("ipv4", "ipv6")
        }
        for name, found in sorted(device.addresses.items())
    }


def members_of(inventory: Inventory, noun: str, thing: Any) -> dict[str, Fraction | None]:
    """Whose an object is; nothing for what is everybody's, such as sites and windows."""
    if noun in _OWNED:
        ownership = inventory.ownership(thing)
        return {member: ownership.shares[member] if ownership.shares else None for member in ownership.members}
    if noun == "members":
        return {thing.id: Fraction(1)}
    if noun == "backups":
        service = inventory.services.get(thing.service)
        return members_of(inventory, "services", service) if service else {}
    if noun == "waivers":
        whose = waiver_members(inventory, thing)
        return dict.fromkeys(whose if len(whose) < len(inventory.members) else ())
    named = (
        getattr(thing, "members", None) or getattr(thing, "for_", None)
        if noun in {"contracts", "viewers", "suppliers"}
        else None
    )
    one = (
        getattr(thing, "owner", None) or getattr(thing, "member", None)
        if noun in {"calendars", "people", "accounts", "stand-alone"}
        else None
    )
    return dict.fromkeys(sorted(named or ([one] if one else ())))


def waiver_members(inventory: Inventory, row: Waiver) -> tuple[str, ...]:
    """The members that a waiver's subject concerns; all of them where it names nobody's thing alone."""
    one, _, name = row.subject.partition("/")[0].partition(":")
    plural = next((key for key, spec in nouns().items() if spec.one == one.replace("-", " ")), one)
    thing = inventory.by_id(plural).get(name)
    if plural == "members" and thing is not None:
        return (name,)
    if thing is not None and hasattr(thing, "members"):
        return tuple(sorted(thing.members))
    if thing is not None and hasattr(thing, "owner"):
        return inventory.ownership(thing).members
    return tuple(sorted(inventory.members))


def leads_to(noun: str, thing: Any) -> Iterator[Tie]:
    """What an object names, but for members."""
    for reference in TABLE:
        if reference.noun == noun and not _NO_TIES.issuperset(reference.targets):
            for _, name, _ in values(thing, steps_of(reference.field)):
                yield Tie(reference.targets[0], name, _by(reference))


def _by(reference: Reference) -> str:
    return reference.field.replace("[]", "").replace("{}", "").replace("_.", ".").removesuffix("_")


def named_by(inventory: Inventory, noun: str, name: str) -> Iterator[Tie]:
    """What names an object, by noun and id."""
    found: set[tuple[str, str, str]] = set()
    for reference in TABLE:
        if noun in reference.targets:
            for thing in inventory.all(reference.noun):
                if any(other == name for _, other, _ in values(thing, steps_of(reference.field))):
                    found.add((reference.noun, thing.id, _by(reference)))
    return (Tie(*one) for one in sorted(found))
