"""An address stands on one interface of one living device."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Place, Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the later of two addresses."""
    first: dict[object, tuple[str, tuple[str, str, str], object]] = {}
    for placed in loaded.living:
        for interface, addresses in placed.thing.addresses.items():
            for family in ("ipv4", "ipv6"):
                address, steps = getattr(addresses, family), ("addresses", interface, family)
                if address is None:
                    continue
                other = first.setdefault(address, (placed.id, steps, placed))
                if other[1:] != (steps, placed):
                    place: Place = other[2].place(*other[1])  # type: ignore[attr-defined]
                    message = f"{address} is an address of {other[0]} too"
                    yield placed.problem(
                        "duplicate-address", message, *steps, help="give one of them another address", related=(place,)
                    )


RULE = Rule("duplicate-address", ("duplicate-address",), judge)
