"""Operator: the contacts behind `operator: joint` (common.md 9)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.member import Contact


class Operator(Noun):
    """A body that operates services together; `joint` is the only reserved one."""

    id: Id
    """The body's id. For example: joint"""
    name: Text
    """Its name. For example: Gemensam drift"""
    contacts: tuple[Contact, ...]
    """Whom to ring."""


NOUN = NounSpec("operators", "operator", Operator)
