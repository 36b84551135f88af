"""What a backup promises can be kept: rpo, rto, copies, drills (backup.md 5, common.md 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

_DAY_S = 86_400
_INTERVALS = {"hourly": 3600, "daily": _DAY_S, "weekly": 7 * _DAY_S, "monthly": 31 * _DAY_S}
_EVERY = re.compile(r"every ([0-9]{1,3}) ?(min|h|d)")
_UNIT_S = {"min": 60, "h": 3600, "d": _DAY_S}
_RESTORING = frozenset({"3", "4", "5"})


def interval_s(schedule: str) -> int | None:
    """The longest time between two runs of a schedule, in seconds; None when its words are not known.

    >>> interval_s("01:15 daily"), interval_s("every 6 h"), interval_s("now and then")
    (86400, 21600, None)
    """
    if every := _EVERY.search(schedule):
        return int(every[1]) * _UNIT_S[every[2]]
    return next((seconds for word, seconds in _INTERVALS.items() if word in schedule.split()), None)


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`rpo-too-short`, `rto-without-drill`, `copies-without-target`, `copies-same-site`, and `out-of-range` where a backup promises less than its service."""
    sites = {target.thing.site for target in loaded.all("backup-targets")}
    for placed in loaded.all("backups"):
        yield from _rpo(loaded, placed)
        yield from _rto(loaded, placed)
        if "backup-targets" not in loaded.doubtful:
            yield from _copies(placed, len(loaded.all("backup-targets")), len(sites))


def _rpo(loaded: Loaded, placed: Placed) -> Iterator[Problem]:
    backup, service = placed.thing, loaded.by_id("services").get(placed.thing.service)
    declared = service.thing.rpo if service else None
    rpo, interval = backup.rpo if backup.rpo is not None else declared, interval_s(backup.schedule)
    if interval is None:
        yield placed.problem(
            "unknown-value",
            f"{backup.schedule!r} is no schedule",
            "schedule",
            help="01:15 daily, mon 02:00 weekly, every 6 h",
        )
    elif rpo is not None and rpo < interval + backup.max_duration:
        needed = (interval + backup.max_duration) / 3600
        message = f"the rpo of {placed.id} is {rpo / 3600:g} h, but a run every {interval / 3600:g} h that may take {backup.max_duration / 3600:g} h needs {needed:g} h"
        related = (service.place("rpo"),) if service and backup.rpo is None else ()
        yield placed.problem("rpo-too-short", message, "rpo" if backup.rpo is not None else "schedule", related=related)
    for name in ("rpo", "rto"):
        own, promised = getattr(backup, name), getattr(service.thing, name) if service else None
        if service and own is not None and promised is not None and own > promised:
            message = f"{name} is looser than that of service {service.id}; a backup may only be stricter"
            yield placed.problem("out-of-range", message, name, related=(service.place(name),))


def _rto(loaded: Loaded, placed: Placed) -> Iterator[Problem]:
    service = loaded.by_id("services").get(placed.thing.service)
    rto = placed.thing.rto or (service.thing.rto if service else None)
    if rto is not None and _RESTORING.isdisjoint(placed.thing.drills) and placed.whole:
        message = f"{placed.id} promises an rto and no drill of level 3, 4 or 5 shows it"
        yield placed.problem("rto-without-drill", message, *(("drills",) if placed.thing.drills else ()))


def _copies(placed: Placed, targets: int, sites: int) -> Iterator[Problem]:
    copies = placed.thing.copies
    if copies > targets:
        yield placed.problem(
            "copies-without-target",
            f"{placed.id} wants {copies} copies, and there are {targets} backup targets",
            "copies",
        )
    elif copies > sites:
        yield placed.problem(
            "copies-same-site",
            f"{placed.id} wants {copies} copies, and the targets stand at {sites} site{'' if sites == 1 else 's'}",
            "copies",
        )


RULE = Rule(
    "backup-promises",
    (
        "rpo-too-short",
        "rto-without-drill",
        "copies-without-target",
        "copies-same-site",
        "out-of-range",
        "unknown-value",
    ),
    judge,
)
