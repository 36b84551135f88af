"""Population table: persons per member at a date, with its source; the only place where population stands (common.md 3)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Population(Noun):
    """`applies_from` is the first of a month."""

    id: Id
    """The table's id. For example: scb-2015-12-31"""
    as_of: Day
    """The day that the figures are of. For example: 2015-12-31"""
    applies_from: Day
    """The first of the month from which they count. For example: 2016-01-01"""
    source: Text
    """Who published them. For example: SCB"""
    persons: dict[Ref, int]
    """Member to its inhabitants. For example: {are: 10677}"""


NOUN = NounSpec("populations", "population table", Population)
