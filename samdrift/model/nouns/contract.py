"""Contract: what a member or several have agreed with a supplier, and when it ends (avtalsbevakning, common.md 3)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Day, Id, Kronor, Noun, Ref, Span, Text
from samdrift.model.nouns import NounSpec


class Contract(Noun):
    """`notice` is how long before `until` it must be terminated or the extension begins."""

    id: Id
    name: Text
    kind: Literal["purchase", "operation", "lease", "data-processing"]
    supplier: Text
    members: tuple[Ref, ...]
    services: tuple[Ref, ...] = ()
    from_: Day
    until: Day
    notice: Span
    extension: Text | None = None
    value_sek: Kronor | None = None
    reference: Text | None = None


NOUN = NounSpec("contracts", "contract", Contract)
