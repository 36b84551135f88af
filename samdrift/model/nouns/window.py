"""Window: hours in which work may be done, local time (playbooks.md 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Id, Noun, SubjectText
from samdrift.model.nouns import NounSpec

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Window(Noun):
    """`start` is local clock time, `minutes` real minutes."""

    id: Id
    """The window's id. For example: vardagsnatt"""
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    """The days on which it begins. For example: tue"""
    start: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    """When it begins, local time. For example: 22:00"""
    minutes: Annotated[int, Field(ge=1, le=1440)]
    """How long it lasts [min]. For example: 240"""
    for_: Annotated[tuple[SubjectText, ...], Field(min_length=1)]
    """Whom and what it is for. For example: all"""


NOUN = NounSpec("windows", "window", Window)
