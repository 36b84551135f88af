"""Rota: who is on call, in layers, with hand-over and escalation (monitoring.md M17, M19)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Day, Id, Instant, Noun, Ref, Seconds, Text
from samdrift.model.nouns import NounSpec


class Layer(Noun):
    """People in turn; `handover` is `mon 08:00` (weekly) or `08:00` (daily), local time."""

    id: Id
    rotation: Literal["weekly", "daily", "weekdays"]
    handover: Text
    from_: Day
    people: Annotated[tuple[Ref, ...], Field(min_length=1)]


class EscalationStep(Noun):
    """`after` the alert began, `to` a layer or a person."""

    after: Seconds
    to: Ref


class Override(Noun):
    """A person instead of the rotation for a time."""

    layer: Ref
    person: Ref
    from_: Instant
    until: Instant


class Rota(Noun):
    """One rota of the joint duty."""

    id: Id
    name: Text | None = None
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    escalation: tuple[EscalationStep, ...] = ()
    overrides: tuple[Override, ...] = ()


NOUN = NounSpec("rota", "rota", Rota)
