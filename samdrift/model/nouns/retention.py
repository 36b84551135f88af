"""Retention row: how long a kind of row is kept (common.md 7)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Span
from samdrift.model.nouns import NounSpec


class RetentionRow(Noun):
    """`id` is the kind of row."""

    id: Id
    keep: Span


NOUN = NounSpec("retention", "retention", RetentionRow)
