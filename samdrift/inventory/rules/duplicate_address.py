"""An address stands on one interface of one living device."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the later of two addresses."""
    first: dict[object, tuple[Placed, tuple[str, str, str]]] = {}
    for placed in loaded.living:
        for interface, addresses in placed.thing.addresses.items():
            for family in ("ipv4", "ipv6"):
                address, steps = getattr(addresses, family), ("addresses", interface, family)
                if address is None:
                    continue
                other, other_steps = first.setdefault(address, (placed, steps))
                if (other, other_steps) != (placed, steps):
                    place = other.place(*other_steps)
                    message = f"{address} is an address of {other.id} too"
                    yield placed.problem(
                        "duplicate-address", message, *steps, help="give one of them another address", related=(place,)
                    )


RULE = Rule("duplicate-address", ("duplicate-address",), judge)
