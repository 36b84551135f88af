"""MetricSpec and Sample: a metric is declared beside the noun it measures, once (monitoring.md, common.md 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric's name `samdrift_<noun>_<unit>[_total]`, its help, type and labels; labels are never free text.

    `dates_itself`: a time stamp that stays meaningful however old the observation is (reliability.md D2).
    """

    name: str
    help: str
    kind: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    dates_itself: bool = False

    @property
    def id(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a metric; a series that is undetermined is absent, never 0."""

    metric: str
    labels: Mapping[str, str]
    value: int | Fraction
