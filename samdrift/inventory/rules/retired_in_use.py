"""A retired device that something still refers to is worth a look (I10)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.references import TABLE, steps_of, values
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """A warning at the reference."""
    retired = {placed.id for placed in loaded.all("devices") if placed.thing.state == "retired"}
    if not retired:
        return
    for reference in TABLE:
        if "devices" not in reference.targets:
            continue
        for placed in loaded.all(reference.noun):
            if getattr(placed.thing, "state", None) == "retired":
                continue
            for path, name, key in values(placed.thing, steps_of(reference.field)):
                if name in retired:
                    yield placed.problem("retired-in-use", f"{name} is retired", *path, key=key, level="warning")


RULE = Rule("retired-in-use", ("retired-in-use",), judge)
