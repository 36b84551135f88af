"""Meter row: overrides a shipped meter's policies, or adds one fed by CSV or a selector (costs.md M1)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.reading import ConflictPolicy, DecreasePolicy, GapPolicy, MeterKind


class MeterRow(Noun):
    """`max_gap` is a duration or `none`."""

    id: Id
    """The meter's id. For example: backup-volume"""
    kind: MeterKind | None = None
    """What its readings are. For example: gauge"""
    base: Text | None = None
    """The unit of its readings. For example: byte"""
    priced: Text | None = None
    """The unit that is priced. For example: GiB-day"""
    max_gap: Text | None = None
    """The longest silence that is none, or none. For example: 2 h"""
    gap: GapPolicy | None = None
    """What a longer one means. For example: carry"""
    on_decrease: DecreasePolicy | None = None
    """What a counter that falls means. For example: block"""
    conflict: ConflictPolicy | None = None
    """Which of two values at one instant counts. For example: lowest"""
    max_rate: Text | None = None
    """The fastest increase that is believed. For example: 12 kWh/h"""
    selector: Text | None = None
    """A plain Prometheus selector. For example: restic_bytes"""
    resource_label: Text | None = None
    """The label of the selector's series that names the resource; instance if none is said. For example: instance"""
    url: Text | None = None
    """A Prometheus-compatible API to ask instead of the halls' own Prometheus. For example: https://mimir.drift.example/prometheus"""
    tenant: Text | None = None
    """What that API is to be told in X-Scope-OrgID. For example: jamtland"""
    source: Literal["own", "csv", "prometheus"] | None = None
    """Where its readings come from. For example: csv"""


NOUN = NounSpec("meters", "meter", MeterRow)
