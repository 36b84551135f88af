"""Two different things do not meet in one group of Ansible's, where `-` becomes `_` (I14)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.groups import group_name, sources
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.ownership import Ownership
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the device that would join them."""
    services: dict[str, list[str]] = {}
    for service in loaded.all("services"):
        for device in service.thing.devices:
            services.setdefault(device, []).append(service.id)
    window = loaded.settings.thing.defaults.window if loaded.settings else None
    first: dict[str, tuple[tuple[str, ...], Placed]] = {}
    for placed in loaded.all("devices"):
        device = placed.thing
        if device.state == "retired":
            continue
        for words in sources(
            device, Ownership.of(device.owner, device.shared_by), services.get(placed.id, ()), device.window or window
        ):
            other, whose = first.setdefault(group_name(*words), (words, placed))
            if other != words:
                message = f"the group {group_name(*words)} would mean both {' '.join(other)} and {' '.join(words)}"
                yield placed.problem("group-name-taken", message, help="rename one of them", related=(whose.place(),))


RULE = Rule("group-name-taken", ("group-name-taken",), judge)
