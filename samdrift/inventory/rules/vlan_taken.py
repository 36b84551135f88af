"""A VLAN's number stands once at a site, but for the two families of one network."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the later of two."""
    first: dict[tuple[str, int, int], Placed] = {}
    of_number: dict[tuple[str, int], Placed] = {}
    for placed in loaded.all("networks"):
        network = placed.thing
        if network.vlan is None:
            continue
        other = first.setdefault((network.site, network.vlan, network.prefix.version), placed)
        one = of_number.setdefault((network.site, network.vlan), placed)
        if other is placed and (one is placed or _same(one, placed)):
            continue
        taken = other if other is not placed else one
        message = f"VLAN {network.vlan} at {network.site} is {taken.id} already"
        yield placed.problem("vlan-taken", message, "vlan", help="choose a free number", related=(taken.place("vlan"),))


def _same(one: Placed, other: Placed) -> bool:
    """Two families of one network: the same purpose and owners."""
    first, second = one.thing, other.thing
    return bool((first.purpose, first.owner, first.shared_by) == (second.purpose, second.owner, second.shared_by))


RULE = Rule("vlan-taken", ("vlan-taken",), judge)
