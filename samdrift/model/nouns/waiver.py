"""Waiver: one form for every check, control and rule of the program (common.md 2)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, SubjectText, Text
from samdrift.model.nouns import NounSpec


class Waiver(Noun):
    """`check` is a check's id or `check/code`; `owner` a contact's e-mail or id; `until` at most 366 days ahead."""

    id: Id
    subject: SubjectText
    check: Text
    reason: Text
    owner: Text
    from_: Day | None = None
    until: Day


NOUN = NounSpec("waivers", "waiver", Waiver)
