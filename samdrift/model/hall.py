"""Hall values that rooms and operations share: readings of elements with their quality, and the impact of a loss (halls.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from samdrift.model.finding import Reason


class HallQuality(StrEnum):
    """Only `good` values count (H4); each other word alerts by itself."""

    GOOD = "good"
    STALE = "stale"
    FROZEN = "frozen"
    IMPLAUSIBLE = "implausible"
    MISSING = "missing"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class RawValue:
    """What a source said of one quantity, as text, before anybody judged it; `text` None = it gave no value, and why."""

    element: str
    quantity: str
    text: str | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class HallReading:
    """One quantity of one element: an integer in `unit` (watts, watt_hours, millicelsius, permille, seconds), or a state in `word`.

    `value` and `word` are None unless the quality is good. `id` is site/element/quantity.
    """

    site: str
    element: str
    quantity: str
    unit: str
    quality: HallQuality
    simulated: bool
    observed_at: datetime
    source: str
    value: int | None = None
    word: str | None = None
    reason: Reason | None = None

    @property
    def id(self) -> str:
        return f"{self.site}/{self.element}/{self.quantity}"


ImpactState = Literal["lost", "degraded", "unaffected"]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a loss does to one device, service or member: `because` is the chain of causes from the element taken down.

    `after_seconds` is how long a battery carries it first: 0 at once, None when that is not known. `contacts` are e-mail addresses.
    """

    noun: Literal["device", "service", "member"]
    id: str
    state: ImpactState
    after_seconds: int | None
    because: tuple[str, ...]
    members: tuple[str, ...]
    contacts: tuple[str, ...]
    objectives_broken: tuple[str, ...] = ()
