"""Window: hours in which work may be done, local time (playbooks.md 5)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from samdrift.model.fields import Id, Noun, SubjectText, fault
from samdrift.model.nouns import NounSpec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _weekday(value: Any) -> Any:
    if isinstance(value, str) and value not in WEEKDAYS:
        raise fault("bad-window", f"{value!r} is no weekday", f"one of: {', '.join(WEEKDAYS)}")
    return value


def _start(value: Any) -> Any:
    if isinstance(value, str | int) and not re.fullmatch(CLOCK_PATTERN, str(value)):
        raise fault("bad-window", f"{str(value)!r} is no clock time", 'local time in quotes: "22:00"')
    return value


def _minutes(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and not 1 <= value <= 1440:
        raise fault("bad-window", f"a window lasts 1 to 1440 minutes, not {value}")
    return value


Weekday = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    BeforeValidator(_weekday),
    WithJsonSchema({"enum": list(WEEKDAYS)}),
]


class Window(Noun):
    """`start` is local clock time, `minutes` real minutes."""

    id: Id
    """The window's id. For example: vardagsnatt"""
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    """The days on which it begins. For example: tue"""
    start: Annotated[str, BeforeValidator(_start), WithJsonSchema({"type": "string", "pattern": CLOCK_PATTERN})]
    """When it begins, local time. For example: 22:00"""
    minutes: Annotated[
        int, BeforeValidator(_minutes), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1440})
    ]
    """How long it lasts [min]. For example: 240"""
    for_: Annotated[tuple[SubjectText, ...], Field(min_length=1)]
    """Whom and what it is for. For example: all"""


NOUN = NounSpec("windows", "window", Window)
