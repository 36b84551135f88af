"""Duty: a notice the law or the owner wants within a time (reliability.md 2.8)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Span, Text
from samdrift.model.nouns import NounSpec


class Duty(Noun):
    """`confirmed` and `by` once a jurist has confirmed the paragraph."""

    id: Id
    """The duty's id. For example: incident-24h"""
    law: Text
    """The law and paragraph. For example: 2025:1506"""
    within: Span
    """Within how long it must be done. For example: 24 h"""
    from_: Text
    """From what the time runs. For example: knowledge"""
    to: Text
    """Whom it is told to. For example: tillsynsmyndigheten"""
    confirmed: Day | None = None
    """The day a jurist confirmed it. For example: 2026-02-01"""
    by: Text | None = None
    """Who confirmed it, a role. For example: kommunjurist"""


NOUN = NounSpec("duties", "duty", Duty)
