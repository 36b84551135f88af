"""A redundancy group can lose one device, and one of what it is spread over, and still has what it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """Counts living devices; silent while a device could not be read."""
    if "devices" in loaded.doubtful:
        return
    living: dict[str, list[Placed]] = {}
    for placed in loaded.living:
        if placed.thing.redundancy_group:
            living.setdefault(placed.thing.redundancy_group, []).append(placed)
    for group in loaded.all("redundancy"):
        devices, needs = living.get(group.id, []), group.thing.needs
        if len(devices) < needs + 1:
            message = f"{group.id} needs {needs} and has {len(devices)} living device{'' if len(devices) == 1 else 's'}: none may fail"
            yield group.problem("redundancy-alone", message, "needs")
        else:
            yield from _spread(loaded, group, devices, needs)
        yield from _hosts(group, devices)


def _spread(loaded: Loaded, group: Placed, devices: list[Placed], needs: int) -> Iterator[Problem]:
    if group.thing.spread == "none":
        return
    racks = group.thing.spread == "racks"
    found = Counter(_where(loaded, placed, racks=racks) for placed in devices)
    place, count = max(found.items(), key=lambda item: (item[1], item[0]))
    if len(devices) - count < needs:
        code, what = ("redundancy-same-rack", "rack") if racks else ("redundancy-same-site", "site")
        message = f"{count} of the {len(devices)} devices of {group.id} stand in {what} {place}; without it fewer than {needs} are left"
        yield group.problem(code, message, "spread", related=tuple(placed.place() for placed in devices[:2]))


def _where(loaded: Loaded, placed: Placed, *, racks: bool) -> str:
    """The site or rack; a virtual device stands where its hypervisor does."""
    device, seen = placed.thing, {placed.id}
    while device.runs_on and device.runs_on not in seen and device.runs_on in loaded.by_id("devices"):
        seen.add(device.runs_on)
        device = loaded.by_id("devices")[device.runs_on].thing
    site = device.site or placed.thing.site or "nowhere"
    return f"{site}/{device.rack or '-'}" if racks else str(site)


def _hosts(group: Placed, devices: list[Placed]) -> Iterator[Problem]:
    first: dict[str, Placed] = {}
    for placed in devices:
        if placed.thing.runs_on and (other := first.setdefault(placed.thing.runs_on, placed)) is not placed:
            message = f"{placed.id} and {other.id} of {group.id} run on one hypervisor, {placed.thing.runs_on}"
            yield placed.problem(
                "redundancy-same-host", message, "runs_on", help="move one of them", related=(other.place("runs_on"),)
            )


RULE = Rule(
    "redundancy", ("redundancy-alone", "redundancy-same-site", "redundancy-same-rack", "redundancy-same-host"), judge
)
