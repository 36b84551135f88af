"""Planned work: what will be taken down, when and for whom (halls.md H13, monitoring.md M15)."""

from __future__ import annotations

from samdrift.model.fields import Id, Instant, Noun, SubjectText, Text
from samdrift.model.nouns import NounSpec


class PlannedWork(Noun):
    """`takes_down` names elements of the power graph or devices."""

    id: Id
    takes_down: tuple[Text, ...] = ()
    from_: Instant
    until: Instant
    for_: tuple[SubjectText, ...]
    reason: Text
    allow_long: Text | None = None


NOUN = NounSpec("planned-work", "planned work", PlannedWork)
