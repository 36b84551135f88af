"""Redundancy group: how many of its devices must stay up, and over what they are spread."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec


class RedundancyGroup(Noun):
    """`needs` living devices; `spread` over sites, racks or none."""

    id: Id
    """The group's id. For example: bookit"""
    name: Text | None = None
    """What it is. For example: BookIT"""
    needs: Annotated[int, Field(ge=1)]
    """How many of its devices must stay up. For example: 1"""
    spread: Literal["sites", "racks", "none"]
    """Over what they must be spread. For example: sites"""
    drain: Text | None = None
    """The role's step that takes load off a device. For example: drain-haproxy"""
    health: tuple[Text, ...] = ()
    """Checks that must be well before the next device. For example: service-endpoints"""


NOUN = NounSpec("redundancy", "redundancy group", RedundancyGroup)
