"""The metrics of network devices' configurations (playbooks.md 6); nothing that a device says is ever a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds

LAST_SUCCESS = MetricSpec(
    "samdrift_network_backup_last_success_timestamp_seconds",
    "When the device's configuration was last read whole; 0: never.",
    "gauge",
    ("device", "member", "site"),
    dates_itself=True,
)
CHANGES = MetricSpec(
    "samdrift_network_config_changes_total",
    "Runs that found the device's configuration changed or for the first time, as the store holds them.",
    "counter",
    ("device", "member"),
)
METRICS: tuple[MetricSpec, ...] = (LAST_SUCCESS, CHANGES)


def samples(
    devices: Iterable[tuple[str, str, str]], successes: Mapping[str, datetime], changed: Mapping[str, int]
) -> Iterator[Sample]:
    """The series of `devices` (id, member label, site)."""
    for device, member, site in devices:
        last = successes.get(device)
        yield Sample(
            LAST_SUCCESS.name,
            {"device": device, "member": member, "site": site},
            microseconds(last) // 1_000_000 if last else 0,
        )
        yield Sample(CHANGES.name, {"device": device, "member": member}, changed.get(device, 0))
