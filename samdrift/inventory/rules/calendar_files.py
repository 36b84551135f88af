"""A calendar that is a file lies in the inventory (monitoring.md 5, common.md 3)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`unknown-reference` at the source."""
    for placed in loaded.all("calendars"):
        source = placed.thing.source
        if "://" not in source and source not in loaded.files:
            near = nearest(source, loaded.files)
            help = f"did you mean {near!r}?" if near else "https://… or files/<name>.ics"
            yield placed.problem(
                "unknown-reference", f"there is no file {source!r} in the inventory", "source", help=help
            )


RULE = Rule("calendar-files", ("unknown-reference",), judge)
