"""Person: someone of the rota; how to reach them is a secret reference (monitoring.md 5)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Ref, SecretRef, Text
from samdrift.model.nouns import NounSpec


class Leave(Noun):
    """Dates only; a reason is an unknown key."""

    from_: Day
    """First day away. For example: 2026-07-01"""
    until: Day
    """Last day away. For example: 2026-07-28"""


class Person(Noun):
    """`name` is a role's name in the example."""

    id: Id
    """The person's id in the rota. For example: jour-1"""
    name: Text
    """The role's name. For example: Jour 1"""
    member: Ref | None = None
    """The member that employs the person. For example: region-jh"""
    mail: SecretRef | None = None
    """Where mail reaches the person. For example: vault:region-jh/jour-1-mail"""
    phone: SecretRef | None = None
    """Where a call reaches the person. For example: vault:region-jh/jour-1-phone"""
    leave: tuple[Leave, ...] = ()
    """When the person is away."""


NOUN = NounSpec("people", "person", Person)
