"""Objectives lie between 0 and 100 and are promised to users; a service of class a has a rota (monitoring.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`out-of-range`, `objective-for-stranger`, `rota-missing`."""
    for placed in loaded.all("services"):
        service = placed.thing
        if service.class_ == "a" and service.rota is None and service.state == "active":
            yield placed.problem(
                "rota-missing", f"{placed.id} is of class a, which pages, and has no rota", help="rota: <id>"
            )
        if service.objective is None:
            continue
        users = loaded.users(service.used_by)
        for steps, value in (
            (("default",), service.objective.default),
            *((("members", member), value) for member, value in service.objective.members.items()),
        ):
            if not 0 < value < 100:
                yield placed.problem(
                    "out-of-range", "an objective is over 0 and under 100 per cent", "objective", *steps
                )
        for member in service.objective.members:
            if member not in users and member in loaded.ids("members"):
                yield placed.problem(
                    "objective-for-stranger",
                    f"{member} does not use {placed.id}",
                    "objective",
                    "members",
                    member,
                    key=True,
                )


RULE = Rule("objectives", ("out-of-range", "objective-for-stranger", "rota-missing"), judge)
