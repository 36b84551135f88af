"""Rota: who is on call at an instant, by layers, hand-over in local time and overrides (monitoring.md M17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from samdrift.model.nouns.rota import Layer, Rota
from samdrift.model.period import STOCKHOLM

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HANDOVER = re.compile(r"(?:(?P<day>mon|tue|wed|thu|fri|sat|sun) )?(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's time in a layer, [starts_at, ends_at) in UTC; `source` says whether the rotation or an override put it there."""

    rota: str
    layer: str
    person: str
    starts_at: datetime
    ends_at: datetime
    source: Literal["rotation", "override"] = "rotation"


def _handover(layer: Layer) -> tuple[int | None, time]:
    found = _HANDOVER.fullmatch(layer.handover)
    if found is None or (found["day"] is None) == (layer.rotation == "weekly"):
        raise ValueError(f"{layer.handover!r} is no hand-over of a {layer.rotation} rotation; write `mon 08:00` (weekly) or `08:00`")
    day = DAYS.index(found["day"]) if found["day"] else None
    return day, time(int(found["hour"]), int(found["minute"]))


def _instant(day: date, at: time) -> datetime:
    """The UTC instant of a local clock time; where the clock jumps over it, the instant it would have been."""
    return datetime.combine(day, at, tzinfo=STOCKHOLM).astimezone(UTC)


def _turn(layer: Layer, at: datetime) -> tuple[int, date, int] | None:
    """(number of the turn, its first day, its length in days) of the turn that holds `at`; None before the first, or on a day without duty."""
    weekday, clock = _handover(layer)
    local = at.astimezone(STOCKHOLM)
    day = local.date() if _instant(local.date(), clock) <= at else local.date() - timedelta(days=1)
    first = layer.from_
    if weekday is not None:
        first += timedelta(days=(weekday - first.weekday()) % 7)
        day -= timedelta(days=(day - first).days % 7)
    if day < first:
        return None
    if layer.rotation == "weekdays":
        if day.weekday() >= 5:
            return None
        weeks, rest = divmod((day - first).days, 7)
        return weeks * 5 + sum((first + timedelta(days=n)).weekday() < 5 for n in range(rest)), day, 1
    length = 7 if weekday is not None else 1
    return (day - first).days // length, day, length


def shift_at(rota: Rota, layer: Layer, at: datetime) -> Shift | None:
    """Who has the layer at `at`, with the bounds that hold around it; None when nobody does."""
    turn = _turn(layer, at)
    shift = None
    if turn is not None:
        number, day, length = turn
        clock = _handover(layer)[1]
        shift = Shift(rota.id, layer.id, layer.people[number % len(layer.people)], _instant(day, clock), _instant(day + timedelta(days=length), clock))
    for override in rota.overrides:
        if override.layer != layer.id:
            continue
        if override.from_ <= at < override.until:
            return Shift(rota.id, layer.id, override.person, override.from_, override.until, "override")
        if shift is not None and override.until <= at:
            shift = replace(shift, starts_at=max(shift.starts_at, override.until))
        elif shift is not None:
            shift = replace(shift, ends_at=min(shift.ends_at, override.from_))
    return shift


def on_call(rota: Rota, at: datetime) -> tuple[Shift, ...]:
    """Who is on call at `at`, a shift a layer in the rota's order; a layer without anybody is left out."""
    found = (shift_at(rota, layer, at) for layer in rota.layers)
    return tuple(shift for shift in found if shift is not None)


def shifts(rota: Rota, layer: Layer, start: datetime, end: datetime) -> Iterator[Shift]:
    """The layer's shifts that touch [start, end), in order; where nobody is on call the next hours are looked at, and the gap left out."""
    at = start
    while at < end:
        shift = shift_at(rota, layer, at)
        if shift is None:
            at += timedelta(hours=1) - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
        else:
            yield shift
            at = shift.ends_at
