"""List the inventory's objects that a viewer may see (inventory.md 4)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.objects import objects
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns import nouns
from samdrift.model.object_view import ObjectView
from samdrift.model.viewer import Viewer


def list_inventory(
    inventory: Inventory,
    *,
    viewer: Viewer,
    noun: str | None = None,
    member: str | None = None,
    site: str | None = None,
    group: str | None = None,
    state: str | None = None,
) -> Iterator[ObjectView]:
    """Objects by noun and id; each filter given must hold. UnknownId for a noun or site that is none."""
    if noun is not None:
        noun = known_noun(noun)
    if site is not None and site not in inventory.sites:
        raise UnknownId("site", site, inventory.sites)
    for view in objects(inventory):
        if noun is not None and view.noun != noun:
            continue
        if member is not None and member not in view.members:
            continue
        if site is not None and site not in {
            getattr(view.thing, "site", None),
            view.id if view.noun == "sites" else None,
        }:
            continue
        if group is not None and group not in view.groups:
            continue
        if state is not None and getattr(view.thing, "state", None) != state:
            continue
        if seen(view, viewer):
            yield view


def seen(view: ObjectView, viewer: Viewer) -> bool:
    """What belongs to nobody is everybody's; else one of its members must be the viewer's (T1)."""
    return not view.members or viewer.sees_any(view.members)


def known_noun(given: str) -> str:
    """The plural key of a noun given as that or as the word for one; UnknownId else."""
    words = {
        word: noun
        for noun, spec in nouns().items()
        for word in (noun, spec.one.replace(" ", "-"), noun.replace("-", "_"))
    }
    if given not in words:
        raise UnknownId("noun", given, words)
    return words[given]
