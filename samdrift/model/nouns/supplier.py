"""Supplier: an outsider that runs or carries something for a member."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.member import Contact


class Supplier(Noun):
    """`for` names the members it serves."""

    id: Id
    name: Text
    for_: tuple[Ref, ...]
    runs: tuple[Text, ...] = ()
    carries: Text | None = None
    contacts: tuple[Contact, ...] = ()


NOUN = NounSpec("suppliers", "supplier", Supplier)
