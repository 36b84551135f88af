"""Freeze: a time in which no work is done; it wins over windows (playbooks.md L2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Id, Noun, SubjectText, Text
from samdrift.model.nouns import NounSpec

LocalTime = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")]


class Freeze(Noun):
    """Local times, Europe/Stockholm."""

    id: Id
    """The freeze's id. For example: lonekorning"""
    for_: Annotated[tuple[SubjectText, ...], Field(min_length=1)]
    """What is frozen. For example: service:heroma"""
    from_: LocalTime
    """Local time it begins. For example: 2026-11-20T00:00"""
    until: LocalTime
    """Local time it ends. For example: 2026-11-27T12:00"""
    reason: Text
    """Why. For example: lönekörning"""


NOUN = NounSpec("freezes", "freeze", Freeze)
