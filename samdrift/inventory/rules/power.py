"""The power chain leads from what is there, in no circle, and every element on it has a rating (halls.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.loops import loops, told
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Element:
    """Something that is fed: an element of a site, a cooling unit, or a device; `path` leads to it in its object."""

    placed: Placed
    path: Path
    thing: Any


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`duplicate-id`, `unknown-reference` for what feeds, `power-loop` printed, `rating-missing`."""
    elements: dict[str, Element] = {}
    for name, element in _elements(loaded):
        other = elements.setdefault(name, element)
        if other is not element:
            related = (other.placed.place(*other.path, "id"),)
            yield element.placed.problem(
                "duplicate-id", f"{name} is the id of something else already", *element.path, "id", related=related
            )
    circuits = {
        f"{name}/{circuit}" for name, element in elements.items() for circuit in getattr(element.thing, "circuits", ())
    }
    known = set(elements) | circuits | loaded.ids("devices")
    for name in sorted(elements):
        if "sites" not in loaded.doubtful or loaded.skipped:
            yield from _fed(loaded, elements[name], known)
        yield from _rated(name, elements[name])
    edges = {name: [source.partition("/")[0] for source in element.thing.fed_by] for name, element in elements.items()}
    for circle in loops(edges):
        first = elements[circle[0]]
        yield first.placed.problem("power-loop", f"{told(circle)} feed one another", *first.path, "fed_by")


def _elements(loaded: Loaded) -> Iterator[tuple[str, Element]]:
    for placed in loaded.all("devices"):
        if placed.thing.state != "retired":
            yield placed.id, Element(placed, (), placed.thing)
    for site in loaded.all("sites"):
        for key in ("power", "cooling"):
            for index, element in enumerate(getattr(site.thing, key)):
                yield element.id, Element(site, (key, index), element)


def _fed(loaded: Loaded, element: Element, known: set[str]) -> Iterator[Problem]:
    for index, source in enumerate(element.thing.fed_by):
        if source not in known and not loaded.may_be_elsewhere(source.partition("/")[0]):
            near = nearest(source, known)
            help = f"did you mean {near!r}?" if near else "an element's id, or panel/circuit"
            yield element.placed.problem(
                "unknown-reference", f"there is no element {source!r}", *element.path, "fed_by", index, help=help
            )


def _rated(name: str, element: Element) -> Iterator[Problem]:
    thing = element.thing
    if (
        thing.watts is None
        and getattr(thing, "amps", None) is None
        and getattr(thing, "kind", None) in {"feed", "panel", "ups", "pdu", "ats"}
    ):
        message = f"{name} carries load and has no rating"
        yield element.placed.problem("rating-missing", message, *element.path, help="write watts, or amps with phases")


RULE = Rule("power", ("duplicate-id", "unknown-reference", "power-loop", "rating-missing"), judge)
