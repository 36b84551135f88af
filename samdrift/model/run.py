"""Run: one row of the one ledger of work; an end is honest or it is missing (reliability.md R3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How a run ended; None in a Run means it has not ended, or was killed."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NOTHING_TO_DO = "nothing-to-do"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job or command; `id` is a short id of kind K, `subject` what it worked on, `period` the month or day it claimed."""

    id: str
    job: str
    subject: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    period: str | None = None
    host: str = ""
    pid: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
