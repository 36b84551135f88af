"""Waiving: a waiver takes a cross-rule's error or warning away; an expired one leaves it a warning, so time alone stops nothing (I8, common.md 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from samdrift.inventory.placed import Loaded
from samdrift.model.period import local_day
from samdrift.model.problem import Problem


def apply(loaded: Loaded, problems: Iterable[Problem], words: dict[str, str]) -> Iterator[Problem]:
    """The problems that remain; `words` is the word for one → the noun's plural key."""
    waivers: dict[tuple[str, str], list[bool]] = {}
    today = local_day(loaded.at)
    for placed in loaded.all("waivers"):
        waiver = placed.thing
        one, _, name = waiver.subject.partition(":")
        noun = words.get(one, one)
        waivers.setdefault((f"{noun}.{name.split('/')[0]}", waiver.check), []).append(today < waiver.until)
    for problem in problems:
        subject = ".".join(problem.path.split(".")[:2]).split("[")[0]
        running = waivers.get((subject, problem.code))
        if running is None or (problem.level == "warning" and not any(running)):
            yield problem
        elif not any(running):
            yield replace(problem, level="warning", help="its waiver has expired: mend it, or renew the waiver")
