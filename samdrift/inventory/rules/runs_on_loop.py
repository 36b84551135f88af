"""What runs on what does not lead back to itself."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the first device of the loop."""
    edges = {placed.id: [placed.thing.runs_on] for placed in loaded.all("devices") if placed.thing.runs_on}
    for circle in loops(edges):
        yield loaded.by_id("devices")[circle[0]].problem(
            "runs-on-loop", f"{told(circle)} run on one another", "runs_on"
        )


RULE = Rule("runs-on-loop", ("runs-on-loop",), judge)
