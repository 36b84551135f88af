"""Rota: who is on call, in layers, with hand-over and escalation (monitoring.md M17, M19)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Day, Id, Instant, Noun, Ref, Seconds, Text
from samdrift.model.nouns import NounSpec


class Layer(Noun):
    """People in turn; `handover` is `mon 08:00` (weekly) or `08:00` (daily), local time."""

    id: Id
    """The layer's id. For example: primary"""
    rotation: Literal["weekly", "daily", "weekdays"]
    """How the people take turns. For example: weekly"""
    handover: Text
    """When they change, local time. For example: mon 08:00"""
    from_: Day
    """The day the first one begins. For example: 2026-01-05"""
    people: Annotated[tuple[Ref, ...], Field(min_length=1)]
    """Who, in turn. For example: jour-1"""


class EscalationStep(Noun):
    """`after` the alert began, `to` a layer or a person."""

    after: Seconds
    """How long after the alert began. For example: 5 min"""
    to: Ref
    """The layer or person that is rung. For example: secondary"""


class Override(Noun):
    """A person instead of the rotation for a time."""

    layer: Ref
    """The layer. For example: primary"""
    person: Ref
    """Who is on call instead. For example: jour-2"""
    from_: Instant
    """When it begins. For example: 2026-12-24T08:00+01:00"""
    until: Instant
    """When it ends. For example: 2026-12-27T08:00+01:00"""


class Rota(Noun):
    """One rota of the joint duty."""

    id: Id
    """The rota's id. For example: drift"""
    name: Text | None = None
    """What people call it. For example: Gemensam driftjour"""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    """Who is on call, first line first."""
    escalation: tuple[EscalationStep, ...] = ()
    """Who is rung when nobody answers."""
    overrides: tuple[Override, ...] = ()
    """Exceptions from the turns."""


NOUN = NounSpec("rota", "rota", Rota)
