"""Prefixes of two owners, or of two sites, do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the prefix that stands later in the text; prefixes nest or are apart, so one walk in order finds every pair."""
    networks = [(placed.thing.prefix, placed, ("prefix",)) for placed in loaded.all("networks")]
    sites = [
        (prefix, site, ("prefixes", index))
        for site in loaded.all("sites")
        for index, prefix in enumerate(site.thing.prefixes)
    ]
    for rows in (networks, sites):
        order = {id(row): number for number, row in enumerate(rows)}
        around: list[Any] = []
        for row in sorted(
            rows, key=lambda row: (row[0].version, int(row[0].network_address), row[0].prefixlen, order[id(row)])
        ):
            while around and not (around[-1][0].version == row[0].version and row[0].subnet_of(around[-1][0])):
                around.pop()
            if around and _apart(around[-1][1], row[1]):
                first, later = sorted((around[-1], row), key=lambda one: order[id(one)])
                yield _problem(first, later)
            around.append(row)


def _whose(placed: Placed) -> str:
    thing = placed.thing
    if placed.entry.noun == "sites":
        return placed.id
    return str(thing.owner or ", ".join(sorted(thing.shared_by or ())))


def _apart(one: Placed, other: Placed) -> bool:
    if one.entry.noun == "sites":
        return one.id != other.id
    return _whose(one) != _whose(other) or one.thing.site != other.thing.site


def _problem(first: Any, later: Any) -> Problem:
    placed: Placed = later[1]
    place = first[1].place(*first[2])
    of = _whose(first[1]) if _whose(first[1]) != _whose(placed) else f"{_whose(first[1])} at {first[1].thing.site}"
    return placed.problem(
        "prefix-overlap",
        f"{later[0]} overlaps {first[0]} of {of} ({place})",
        *later[2],
        help="give one of them another prefix",
        related=(place,),
    )


RULE = Rule("prefix-overlap", ("prefix-overlap",), judge)
