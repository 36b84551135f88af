"""What a window, freeze, waiver or planned work is for is there (common.md 2)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.nouns import nouns
from samdrift.model.problem import Problem

_PARTS = frozenset({"endpoint", "element", "repository", "rack", "job", "alert", "kind"})
"""Subjects that are part of an object, or are not the inventory's; looked up by their own areas."""


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the subject: `unknown-reference` for a noun or id that is not there."""
    words = {word: noun for noun, spec in nouns().items() for word in (spec.one.replace(" ", "-"), noun)}
    words |= {"redundancy-group": "redundancy"}
    anything = frozenset().union(*(loaded.ids(noun) for noun in nouns()))
    for noun in ("windows", "freezes", "planned-work"):
        for placed in loaded.all(noun):
            for index, subject in enumerate(placed.thing.for_):
                yield from _judge(loaded, placed, subject, ("for", index), words, anything)
    for placed in loaded.all("waivers"):
        yield from _judge(loaded, placed, placed.thing.subject, ("subject",), words, anything)


def _judge(
    loaded: Loaded,
    placed: Placed,
    subject: str,
    steps: tuple[str | int, ...],
    words: dict[str, str],
    anything: frozenset[str],
) -> Iterator[Problem]:
    word, colon, rest = subject.partition(":")
    name = rest.partition("/")[0] if colon else subject
    if subject == "all" or word in _PARTS:
        return
    if colon and word not in words:
        near = nearest(word, words)
        help = f"did you mean {near}:{name}?" if near else "noun:id, for example service:w3d3"
        yield placed.problem("unknown-reference", f"{word!r} is no noun of a subject", *steps, help=help)
        return
    known = loaded.ids(words[word]) if colon else anything
    if name not in known and not loaded.may_be_elsewhere(name):
        near = nearest(name, known)
        told = f"there is no {word if colon else 'object'} {name!r}"
        yield placed.problem("unknown-reference", told, *steps, help=f"did you mean {near!r}?" if near else None)


RULE = Rule("subjects", ("unknown-reference",), judge)
