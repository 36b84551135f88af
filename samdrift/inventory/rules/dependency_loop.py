"""Services do not depend on one another in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the dependency of the loop's first service, the whole loop printed."""
    edges = {placed.id: placed.thing.depends_on for placed in loaded.all("services")}
    for circle in loops(edges):
        service = loaded.by_id("services")[circle[0]]
        step = service.thing.depends_on.index(circle[1 % len(circle)])
        yield service.problem("dependency-loop", f"{told(circle)} depend on one another", "depends_on", step)


RULE = Rule("dependency-loop", ("dependency-loop",), judge)
