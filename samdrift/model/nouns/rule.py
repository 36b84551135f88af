"""Rule: the owner's own rule over a field of a noun; data, never code (inventory.md I11)."""

from __future__ import annotations

from typing import Any, Literal

from samdrift.model.fields import Decimal, Id, Noun, Text
from samdrift.model.nouns import NounSpec


class Rule(Noun):
    """Exactly one of `required`, `pattern`, `minimum`, `maximum`, `one_of`."""

    id: Id
    noun: Text
    field: Text
    when: dict[Text, Any] = {}
    required: bool | None = None
    pattern: Text | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    one_of: tuple[Text, ...] = ()
    message: Text
    severity: Literal["error", "warning"] = "error"


NOUN = NounSpec("rules", "rule", Rule)
