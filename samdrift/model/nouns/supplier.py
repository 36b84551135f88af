"""Supplier: an outsider that runs or carries something for a member."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.member import Contact


class Supplier(Noun):
    """`for` names the members it serves."""

    id: Id
    """The supplier's id. For example: servanet"""
    name: Text
    """Its name. For example: Servanet"""
    for_: tuple[Ref, ...]
    """The members that it serves. For example: berg"""
    runs: tuple[Text, ...] = ()
    """Systems that it runs. For example: Aditro"""
    carries: Text | None = None
    """What it carries. For example: broadband"""
    contacts: tuple[Contact, ...] = ()
    """Whom to ring."""


NOUN = NounSpec("suppliers", "supplier", Supplier)
