"""Population table: persons per member at a date, with its source; the only place where population stands (common.md 3)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Population(Noun):
    """`applies_from` is the first of a month."""

    id: Id
    as_of: Day
    applies_from: Day
    source: Text
    persons: dict[Ref, int]


NOUN = NounSpec("populations", "population table", Population)
