"""A device that is logged in to has its own host key in the inventory, so that no run trusts a stranger."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`host-key-missing` for an active device reached by ssh, `host-key-shared` at the later of two."""
    first: dict[str, tuple[Placed, int]] = {}
    for placed in loaded.living:
        device = placed.thing
        if device.state == "active" and device.reached_by_ssh and not device.host_keys:
            yield placed.problem(
                "host-key-missing",
                f"{placed.id} is reached by ssh and has no host key",
                help="ssh-keyscan it on its own console, or write ssh: false",
            )
        for index, key in enumerate(device.host_keys):
            other, at = first.setdefault(" ".join(key.split()[:2]), (placed, index))
            if other is not placed:
                message = f"{placed.id} and {other.id} have one host key"
                related = (other.place("host_keys", at),)
                yield placed.problem(
                    "host-key-shared",
                    message,
                    "host_keys",
                    index,
                    help="one of them is a copy: make it a key of its own",
                    related=related,
                )


RULE = Rule("host-keys", ("host-key-missing", "host-key-shared"), judge)
