"""Alert: one occurrence of something that fires, as Alertmanager tells it (monitoring.md M20, M23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AlertState(StrEnum):
    """Acknowledged is a state of an open alert, not a silence; it comes with its own command."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert as one post tells it; `ends_at` is None while it fires."""

    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """An occurrence in the store: `id` is a short id of kind L; `posts` counts how often it was told."""

    id: str
    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    first_told_at: datetime
    last_told_at: datetime
    posts: int

    @property
    def state(self) -> AlertState:
        return AlertState.FIRING if self.ends_at is None else AlertState.RESOLVED
