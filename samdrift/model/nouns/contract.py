"""Contract: what a member or several have agreed with a supplier, and when it ends (avtalsbevakning, common.md 3)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Day, Id, Kronor, Noun, Ref, Span, Text
from samdrift.model.nouns import NounSpec


class Contract(Noun):
    """`notice` is how long before `until` it must be terminated or the extension begins."""

    id: Id
    """The contract's id. For example: bookit-licens"""
    name: Text
    """What it is about. For example: BookIT, licens och underhåll"""
    kind: Literal["purchase", "operation", "lease", "data-processing"]
    """What kind of contract. For example: purchase"""
    supplier: Text
    """Who delivers. For example: Leverantör"""
    members: tuple[Ref, ...]
    """Who has signed it. For example: ostersund"""
    services: tuple[Ref, ...] = ()
    """The services that it is for. For example: bookit"""
    from_: Day
    """First day. For example: 2020-01-01"""
    until: Day
    """Last day. For example: 2027-06-30"""
    notice: Span
    """How long before the end it must be terminated. For example: 6 months"""
    extension: Text | None = None
    """What happens when nobody terminates it. For example: 12 months"""
    value_sek: Kronor | None = None
    """Its value a year [kr]. For example: 120000.00"""
    reference: Text | None = None
    """The register's number. For example: KS 2020/17"""


NOUN = NounSpec("contracts", "contract", Contract)
