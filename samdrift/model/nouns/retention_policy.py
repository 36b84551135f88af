"""Retention policy: which snapshots are kept (backup.md B12)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Id, Noun, Seconds
from samdrift.model.nouns import NounSpec

Count = Annotated[int, Field(ge=0, le=10_000)]


class RetentionPolicy(Noun):
    """All within `keep_within` stay; then one per day, ISO week, month, year; never fewer than `minimum` usable ones."""

    id: Id
    keep_within: Seconds
    daily: Count = 0
    weekly: Count = 0
    monthly: Count = 0
    yearly: Count = 0
    minimum: Annotated[int, Field(ge=1)]
    disaster_hold: Seconds


NOUN = NounSpec("retention-policies", "retention policy", RetentionPolicy)
