"""Exposition: samples as Prometheus' text and as OpenMetrics, by prometheus-client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.reading import SHARED

TEXT_TYPE: str = CONTENT_TYPE_PLAIN_0_0_4
OPENMETRICS_TYPE: str = CONTENT_TYPE_LATEST


class _Kept:
    """Gives families that are already made; a registry asks for them once."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _family(spec: MetricSpec, samples: Iterable[Sample]) -> Metric:
    names = spec.labels if "member" in spec.labels else ("member", *spec.labels)
    make = CounterMetricFamily if spec.kind == "counter" else GaugeMetricFamily
    family = make(spec.name, spec.help, labels=names)
    rows = {tuple({"member": SHARED, **sample.labels}[name] for name in names): sample.value for sample in samples}
    for labels, value in sorted(rows.items()):
        family.add_metric(labels, float(value))
    return family


def exposition(specs: Mapping[str, MetricSpec], samples: Iterable[Sample]) -> tuple[bytes, bytes]:
    """(Prometheus text 0.0.4, OpenMetrics) of the samples, sorted; series without a member get `member="shared"`.

    KeyError names a sample whose metric or label is not declared.
    """
    by_metric: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_metric[sample.metric].append(sample)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Kept(_family(specs[name], found) for name, found in sorted(by_metric.items())))
    return generate_latest(registry), generate_openmetrics(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
