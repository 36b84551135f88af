"""A hardware address stands on one device that is not retired."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the later of two."""
    first: dict[str, tuple[Placed, int]] = {}
    for placed in loaded.all("devices"):
        if placed.thing.state == "retired":
            continue
        for index, mac in enumerate(placed.thing.macs):
            other, at = first.setdefault(mac, (placed, index))
            if (other, at) != (placed, index):
                message = f"{mac} is a hardware address of {other.id} too"
                yield placed.problem(
                    "duplicate-mac",
                    message,
                    "macs",
                    index,
                    help="read it off the device again",
                    related=(other.place("macs", at),),
                )


RULE = Rule("duplicate-mac", ("duplicate-mac",), judge)
