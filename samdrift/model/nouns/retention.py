"""Retention row: how long a kind of row is kept (common.md 7)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Span
from samdrift.model.nouns import NounSpec


class RetentionRow(Noun):
    """`id` is the kind of row."""

    id: Id
    """The kind of row. For example: findings"""
    keep: Span
    """How long it is kept. For example: 37 months"""


NOUN = NounSpec("retention", "retention", RetentionRow)
