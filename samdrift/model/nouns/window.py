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
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    start: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    minutes: Annotated[int, Field(ge=1, le=1440)]
    for_: Annotated[tuple[SubjectText, ...], Field(min_length=1)]


NOUN = NounSpec("windows", "window", Window)
