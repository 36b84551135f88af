"""Holiday: the owner's own eves, beside the public ones (monitoring.md M16)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Text
from samdrift.model.nouns import NounSpec


class Holiday(Noun):
    """A date that counts as a day off."""

    id: Id
    """The day's id. For example: trettondagsafton"""
    date: Day
    """The date. For example: 2027-01-05"""
    name: Text
    """What people call it. For example: Trettondagsafton"""


NOUN = NounSpec("holidays", "holiday", Holiday)
