"""Person: someone of the rota; how to reach them is a secret reference (monitoring.md 5)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Ref, SecretRef, Text
from samdrift.model.nouns import NounSpec


class Leave(Noun):
    """Dates only; a reason is an unknown key."""

    from_: Day
    until: Day


class Person(Noun):
    """`name` is a role's name in the example."""

    id: Id
    name: Text
    member: Ref | None = None
    mail: SecretRef | None = None
    phone: SecretRef | None = None
    leave: tuple[Leave, ...] = ()


NOUN = NounSpec("people", "person", Person)
