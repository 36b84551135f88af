"""Export metrics: every `sample_<area>` file of this floor is a collector; joined, they are the exporter's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import samdrift.operations as floor
from samdrift.adapters.exposition import OPENMETRICS_TYPE, TEXT_TYPE, exposition
from samdrift.model.inventory import Inventory
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds
from samdrift.model.reading import SHARED
from samdrift.store import Store

COLLECTED = MetricSpec("samdrift_collect_timestamp_seconds", "When a collector last succeeded.", "gauge", ("member", "collector"), dates_itself=True)
SUCCESS = MetricSpec("samdrift_collector_success", "1 when a collector's last try succeeded.", "gauge", ("member", "collector"))
METRICS = (COLLECTED, SUCCESS)
__all__ = ["METRICS", "OPENMETRICS_TYPE", "TEXT_TYPE", "Collected", "Collector", "Page", "all_failed", "collect", "collectors", "current", "make_page", "specs"]
STALE_PERIODS = 3
"""After so many missed periods a collector's values are left out (reliability.md D2)."""


@dataclass(frozen=True, slots=True)
class Collector:
    """An area's samples: its name, what it may emit, and how."""

    name: str
    metrics: tuple[MetricSpec, ...]
    sample: Callable[..., Iterable[Sample]]


@cache
def collectors() -> tuple[Collector, ...]:
    """Every `sample_<area>.py` of this floor, sorted."""
    found = []
    for info in sorted(iter_modules(floor.__path__), key=lambda info: info.name):
        if info.name.startswith("sample_"):
            module: Any = import_module(f"samdrift.operations.{info.name}")
            found.append(Collector(info.name.removeprefix("sample_").replace("_", "-"), module.METRICS, module.sample))
    return tuple(found)


@cache
def specs() -> Mapping[str, MetricSpec]:
    """Name → declaration of every metric that the exporter may emit; a name declared twice stops the program."""
    found: dict[str, MetricSpec] = {}
    for spec in [*METRICS, *(spec for collector in collectors() for spec in collector.metrics)]:
        if found.setdefault(spec.name, spec) != spec:
            raise ValueError(f"{spec.name} is declared twice")
    return found


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collector last gave: when it last succeeded, whether its last try did, and why not."""

    samples: tuple[Sample, ...] = ()
    at: datetime | None = None
    success: bool = False
    error: str = ""


def collect(inventory: Inventory, store: Store, *, at: datetime, before: Mapping[str, Collected] | None = None) -> Mapping[str, Collected]:
    """Ask every collector; one that fails keeps what it gave before, marked as failed."""
    return {collector.name: _ask(collector, inventory, store, at, (before or {}).get(collector.name, Collected())) for collector in collectors()}


def all_failed(before: Mapping[str, Collected], error: str) -> Mapping[str, Collected]:
    """Every collector as failed, with what it gave before: there was no store to ask."""
    kept = {collector.name: before.get(collector.name, Collected()) for collector in collectors()}
    return {name: Collected(one.samples, one.at, success=False, error=error) for name, one in kept.items()}


def _ask(collector: Collector, inventory: Inventory, store: Store, at: datetime, before: Collected) -> Collected:
    try:
        return Collected(_declared(collector, collector.sample(inventory, store, at=at)), at, success=True)
    except Exception as error:  # noqa: BLE001 (one collector's failure is that one's result; the page goes on)
        return Collected(before.samples, before.at, success=False, error=f"{type(error).__name__}: {error}")


def _declared(collector: Collector, samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """The samples, when each bears exactly the labels of its metric (member may be left out); ValueError names what does not."""
    labels = {spec.name: {*spec.labels, "member"} for spec in collector.metrics}
    found = tuple(samples)
    for sample in found:
        if {*sample.labels, "member"} != labels.get(sample.metric):
            raise ValueError(f"{sample.metric} with labels {sorted(sample.labels)} is not declared so by {collector.name}")
    return found


def current(collected: Mapping[str, Collected], *, at: datetime, period_seconds: float) -> tuple[Sample, ...]:
    """The samples that still count at `at`: old ones are left out but for those that date themselves (D2)."""
    known = specs()
    found: list[Sample] = []
    for name, one in sorted(collected.items()):
        labels = {"member": SHARED, "collector": name}
        found.append(Sample(SUCCESS.name, labels, int(one.success)))
        if one.at is None:
            continue
        found.append(Sample(COLLECTED.name, labels, microseconds(one.at) // 1_000_000))
        fresh = (at - one.at).total_seconds() <= STALE_PERIODS * period_seconds
        found += [sample for sample in one.samples if fresh or known[sample.metric].dates_itself]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Page:
    """The exporter's page in both formats; `member` keeps one label's series alone."""

    samples: tuple[Sample, ...]
    made_at: datetime
    text: bytes = field(default=b"", repr=False)
    openmetrics: bytes = field(default=b"", repr=False)

    def of(self, member: str) -> Page:
        """The page of one member, or of `shared`."""
        return make_page([sample for sample in self.samples if sample.labels.get("member", SHARED) == member], at=self.made_at)


def make_page(samples: Iterable[Sample], *, at: datetime) -> Page:
    """Render once; scrapes only read (D1)."""
    kept = tuple(samples)
    return Page(kept, at, *exposition(specs(), kept))
