"""Stand-alone cost: what a service would cost a member by itself, with its source (costs.md W1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Day, Id, Kronor, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class StandAlone(Noun):
    """Kronor a year, with source, date and author (a role)."""

    id: Id
    """The row's id. For example: webb-are-2026"""
    service: Ref
    """The service. For example: webb"""
    member: Ref
    """The member. For example: are"""
    year: Annotated[int, Field(ge=2000, le=2200)]
    """The calendar year. For example: 2026"""
    kronor: Kronor
    """What it would cost the member alone [kr a year]. For example: 120000"""
    source: Text
    """Where the figure is from. For example: offert"""
    date: Day
    """The day of the figure. For example: 2026-02-01"""
    author: Text
    """Who made it, a role. For example: ekonom"""


NOUN = NounSpec("stand-alone", "stand-alone cost", StandAlone)
