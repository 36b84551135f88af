"""Redundancy group: how many of its devices must stay up, and over what they are spread."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec


class RedundancyGroup(Noun):
    """`needs` living devices; `spread` over sites, racks or none."""

    id: Id
    name: Text | None = None
    needs: Annotated[int, Field(ge=1)]
    spread: Literal["sites", "racks", "none"]
    drain: Text | None = None
    health: tuple[Text, ...] = ()


NOUN = NounSpec("redundancy", "redundancy group", RedundancyGroup)
