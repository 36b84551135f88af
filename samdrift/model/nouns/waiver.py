"""Waiver: one form for every check, control and rule of the program (common.md 2)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, SubjectText, Text
from samdrift.model.nouns import NounSpec


class Waiver(Noun):
    """`check` is a check's id or `check/code`; `owner` a contact's e-mail or id; `until` at most 366 days ahead."""

    id: Id
    """The waiver's id. For example: larmnat-utan-ipv6"""
    subject: SubjectText
    """What is waived: noun:id. For example: device:hjd-larm-1"""
    check: Text
    """The check, check/code or rule that is waived. For example: ipv6-missing"""
    reason: Text
    """Why. For example: byts våren 2027"""
    owner: Text
    """A contact's e-mail or id. For example: harjedalen-it-manager"""
    from_: Day | None = None
    """First day. For example: 2026-10-01"""
    until: Day
    """Last day, at most 366 days on. For example: 2027-06-30"""


NOUN = NounSpec("waivers", "waiver", Waiver)
