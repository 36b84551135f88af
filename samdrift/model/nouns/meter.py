"""Meter row: overrides a shipped meter's policies, or adds one fed by CSV or a selector (costs.md M1)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Id, Noun, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.reading import ConflictPolicy, DecreasePolicy, GapPolicy, MeterKind


class MeterRow(Noun):
    """`max_gap` is a duration or `none`."""

    id: Id
    kind: MeterKind | None = None
    base: Text | None = None
    priced: Text | None = None
    max_gap: Text | None = None
    gap: GapPolicy | None = None
    on_decrease: DecreasePolicy | None = None
    conflict: ConflictPolicy | None = None
    max_rate: Text | None = None
    selector: Text | None = None
    source: Literal["own", "csv", "prometheus"] | None = None


NOUN = NounSpec("meters", "meter", MeterRow)
