"""Stand-alone cost: what a service would cost a member by itself, with its source (costs.md W1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Day, Id, Kronor, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class StandAlone(Noun):
    """Kronor a year, with source, date and author (a role)."""

    id: Id
    service: Ref
    member: Ref
    year: Annotated[int, Field(ge=2000, le=2200)]
    kronor: Kronor
    source: Text
    date: Day
    author: Text


NOUN = NounSpec("stand-alone", "stand-alone cost", StandAlone)
