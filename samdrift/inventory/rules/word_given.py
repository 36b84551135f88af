"""A figure or agreement that rests on somebody's word says whose: blank text names nobody (costs.md K2, W1, 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

WORDS = (
    ("populations", ("source",)),
    ("stand-alone", ("source",)),
    ("stand-alone", ("author",)),
    ("agreements", ("agreement", "decision")),
    ("agreements", ("agreement", "version")),
)
"""(noun, path of the text in it)."""


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the text."""
    for noun, path in WORDS:
        for placed in loaded.all(noun):
            value = placed.thing
            for step in path:
                value = getattr(value, step)
            if not value.strip():
                yield placed.problem("empty-value", f"{path[-1]} is blank", *path)


RULE = Rule("word-given", ("empty-value",), judge)
