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
    """The policy's id. For example: journal"""
    keep_within: Seconds
    """All snapshots younger than this stay. For example: 30 d"""
    daily: Count = 0
    """Then one a day, so many. For example: 60"""
    weekly: Count = 0
    """One an ISO week, so many. For example: 26"""
    monthly: Count = 0
    """One a month, so many. For example: 36"""
    yearly: Count = 0
    """One a year, so many. For example: 10"""
    minimum: Annotated[int, Field(ge=1)]
    """Never fewer usable ones than this. For example: 14"""
    disaster_hold: Seconds
    """How long the disaster site keeps what the primary has removed. For example: 60 d"""


NOUN = NounSpec("retention-policies", "retention policy", RetentionPolicy)
