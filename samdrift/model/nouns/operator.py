"""Operator: the contacts behind `operator: joint` (common.md 9)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.member import Contact


class Operator(Noun):
    """A body that operates services together; `joint` is the only reserved one."""

    id: Id
    name: Text
    contacts: tuple[Contact, ...]


NOUN = NounSpec("operators", "operator", Operator)
