"""Planned work: what will be taken down, when and for whom (halls.md H13, monitoring.md M15)."""

from __future__ import annotations

from samdrift.model.fields import Id, Instant, Noun, SubjectText, Text
from samdrift.model.nouns import NounSpec


class PlannedWork(Noun):
    """`takes_down` names elements of the power graph or devices."""

    id: Id
    """The work's id. For example: batteri-a"""
    takes_down: tuple[Text, ...] = ()
    """Elements and devices that it takes down. For example: ups-a"""
    from_: Instant
    """When it begins. For example: 2026-11-28T06:00+01:00"""
    until: Instant
    """When it ends. For example: 2026-11-28T10:00+01:00"""
    for_: tuple[SubjectText, ...]
    """Whom and what it concerns. For example: site:hall-ostersund"""
    reason: Text
    """What is done. For example: batteribyte"""
    allow_long: Text | None = None
    """Why it may last over a day. For example: ombyggnad av hallen"""


NOUN = NounSpec("planned-work", "planned work", PlannedWork)
