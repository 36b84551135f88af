"""Duty: a notice the law or the owner wants within a time (reliability.md 2.8)."""

from __future__ import annotations

from samdrift.model.fields import Day, Id, Noun, Span, Text
from samdrift.model.nouns import NounSpec


class Duty(Noun):
    """`confirmed` and `by` once a jurist has confirmed the paragraph."""

    id: Id
    law: Text
    within: Span
    from_: Text
    to: Text
    confirmed: Day | None = None
    by: Text | None = None


NOUN = NounSpec("duties", "duty", Duty)
