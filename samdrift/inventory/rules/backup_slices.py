"""A target's check period can be cut into one slice a day: restic cuts at most 256 (backup.md 5, B14)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

_DAY_S = 86_400
_MOST = 256


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`slices-over-256`, `out-of-range` for less than a day."""
    for placed in loaded.all("backup-targets"):
        days = placed.thing.check_period // _DAY_S
        if days > _MOST:
            yield placed.problem("slices-over-256", f"check_period of {placed.id} is {days} d: one slice a day is {days} slices, restic cuts at most {_MOST}", "check_period", help="256 d or less")
        elif days < 1:
            yield placed.problem("out-of-range", f"check_period of {placed.id} is shorter than a day", "check_period", help="28 d")


RULE = Rule("backup-slices", ("slices-over-256", "out-of-range"), judge)
