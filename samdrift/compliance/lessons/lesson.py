"""One check's lesson."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lesson:
    """`why` it matters to those who use the zone, what is `measured`, and an `example` of the remedy: a record or a command."""

    why: str
    measured: str
    example: str
