"""Rule: the owner's own rule over a field of a noun; data, never code (inventory.md I11)."""

from __future__ import annotations

from typing import Any, Literal

from samdrift.model.fields import Decimal, Id, Noun, Text
from samdrift.model.nouns import NounSpec


class Rule(Noun):
    """Exactly one of `required`, `pattern`, `minimum`, `maximum`, `one_of`."""

    id: Id
    """The rule's id. For example: platform-needed"""
    noun: Text
    """The noun that it is about. For example: devices"""
    field: Text
    """The key that it looks at, dotted. For example: platform"""
    when: dict[Text, Any] = {}
    """Only objects with these values. For example: {kind: host}"""
    required: bool | None = None
    """Whether the key must be there. For example: true"""
    pattern: Text | None = None
    """The form that its text must have. For example: ^debian-1[23]$"""
    minimum: Decimal | None = None
    """The least it may be. For example: 1"""
    maximum: Decimal | None = None
    """The most it may be. For example: 42"""
    one_of: tuple[Text, ...] = ()
    """The values it may have. For example: debian-12"""
    message: Text
    """What is told when it is broken. For example: write the platform"""
    severity: Literal["error", "warning"] = "error"
    """Error or warning. For example: error"""


NOUN = NounSpec("rules", "rule", Rule)
