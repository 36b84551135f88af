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
    for_: Annotated[tuple[SubjectText, ...], Field(min_length=1)]
    from_: LocalTime
    until: LocalTime
    reason: Text


NOUN = NounSpec("freezes", "freeze", Freeze)
