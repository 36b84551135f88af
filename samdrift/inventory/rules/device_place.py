"""A device stands somewhere: at a site, in a rack of that site; a virtual one runs on another."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`missing-key` for the site, `unknown-reference` for a rack that the site has not."""
    racks = {site.id: {rack.id for rack in site.thing.racks} for site in loaded.all("sites") if site.whole}
    for placed in loaded.all("devices"):
        device = placed.thing
        if device.site is None and device.kind != "virtual" and placed.whole:
            yield placed.problem("missing-key", f"{placed.id}: site is missing")
        elif device.rack is not None and device.site in racks and device.rack not in racks[device.site]:
            yield _unknown_rack(placed, racks[device.site])


def _unknown_rack(placed: Placed, known: set[str]) -> Problem:
    near = nearest(placed.thing.rack, known)
    help = f"did you mean {near!r}?" if near else f"its racks: {', '.join(sorted(known)) or 'none'}"
    return placed.problem(
        "unknown-reference", f"{placed.thing.site} has no rack {placed.thing.rack!r}", "rack", help=help
    )


RULE = Rule("device-place", ("missing-key", "unknown-reference"), judge)
