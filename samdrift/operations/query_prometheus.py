"""Query Prometheus: one meter's readings from its selector's raw samples, from the first server that answers (costs.md M10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samdrift.adapters.prometheus import Sample, Series, read_samples
from samdrift.alerting.targets import PROMETHEUS_PORT, address_of
from samdrift.metering.owners import owner_of
from samdrift.model.errors import CouldNotObserve
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.meter import MeterRow
from samdrift.model.reading import UNASSIGNED, Quality, Reading

RESOURCE_LABEL = "instance"


def read_meter(inventory: Inventory, row: MeterRow, start: datetime, end: datetime) -> tuple[Sequence[Reading], Sequence[str]]:
    """(readings of [start, end], what was left out and why). Of two series for one resource none is taken: `ambiguous-series`.

    CouldNotObserve when no server gives a whole answer.
    """
    assert row.selector is not None
    series, where = _first_answer(inventory, row, start, end)
    label = row.resource_label or RESOURCE_LABEL
    by_resource: dict[str, list[Series]] = {}
    faults = []
    for one in series:
        resource = one.labels.get(label, "")
        if resource:
            by_resource.setdefault(resource, []).append(one)
        else:
            faults.append(f"a series of {row.selector} at {where} has no label {label}: {dict(sorted(one.labels.items()))}")
    readings: list[Reading] = []
    for resource, found in sorted(by_resource.items()):
        if len(found) > 1:
            faults.append(f"ambiguous-series: {len(found)} series of {row.selector} at {where} are {resource}")
            continue
        readings += [_reading(inventory, row, resource, found[0], sample) for sample in found[0].samples if sample.value is not None]
        odd = [sample.text for sample in found[0].samples if sample.value is None and sample.text != "NaN"]
        if odd:
            faults.append(f"not-whole: {len(odd)} samples of {resource} are no whole number below 2^53, such as {odd[0]}")
    return readings, faults


def _first_answer(inventory: Inventory, row: MeterRow, start: datetime, end: datetime) -> tuple[Sequence[Series], str]:
    """The series and who gave them; each hall's Prometheus scrapes all, so one that answers is enough."""
    said = []
    for url in _urls(inventory, row):
        try:
            return read_samples(url, row.selector or "", start, end, tenant=row.tenant), url
        except CouldNotObserve as error:
            said.append(error.message)
    raise CouldNotObserve("; ".join(said) or "no Prometheus to ask", help="give a device the role prometheus, or the meter a url")


def _urls(inventory: Inventory, row: MeterRow) -> Sequence[str]:
    if row.url is not None:
        return (row.url,)
    found = (address_of(device, PROMETHEUS_PORT) for _, device in sorted(inventory.devices.items()) if device.living and "prometheus" in device.roles)
    return tuple(f"http://{address}" for address in found if address)


def _reading(inventory: Inventory, row: MeterRow, resource: str, series: Series, sample: Sample) -> Reading:
    ownership = owner_of(inventory, resource)
    labelled = series.labels.get("member", "")
    member = ownership.label if ownership and ownership.members else labelled if labelled in inventory.members else UNASSIGNED
    return Reading(row.id, resource, member, sample.value, Quality.MEASURED, "prometheus", at=sample.at)
