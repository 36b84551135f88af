"""The usage part of a member's monthly report: quantities with their quality and gaps (costs.md E2, M8)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from samdrift.model import wording
from samdrift.model.reading import Usage
from samdrift.model.section import Column, Section, Table
from samdrift.model.text import Text


def usage_section(usage: Iterable[Usage], members: frozenset[str], text: Text) -> Section:
    """Usage of the members named, each resource with its estimated and unmeasured part; gaps are listed one by one."""
    whole = tuple(usage)
    own = sorted(
        (each for each in whole if each.member in members), key=lambda each: (each.meter, each.resource, each.member)
    )
    columns = (
        Column("meter", text("usage.meter"), "id"),
        Column("resource", text("usage.resource"), "id"),
        Column("quantity", text("usage.quantity"), "quantity"),
        Column("unit", text("usage.unit")),
        Column("estimated_ratio", text("usage.estimated"), "percent"),
        Column("simulated_ratio", text("usage.simulated"), "percent"),
        Column("unmeasured_seconds", text("usage.unmeasured"), "duration"),
        Column("samples", text("usage.samples"), "integer"),
        Column("conflicts", text("usage.conflicts"), "integer"),
    )
    rows = tuple(
        (
            each.meter, each.resource, each.quantity, each.unit, _ratio(each.estimated_base, each), _ratio(each.simulated_base, each),
            int(each.unmeasured_seconds), each.samples, each.conflicts,
        )
        for each in own
    )  # fmt: skip
    gaps = tuple(
        text(
            "usage.gap",
            meter=each.meter,
            resource=each.resource,
            start=wording.instant(gap.start, text.language),
            end=wording.instant(gap.end, text.language),
            treated=text(f"usage.{gap.treated}"),
        )
        for each in own
        for gap in each.gaps
    )
    return Section(
        "usage",
        text("usage.title"),
        (text("usage.says", count=len(own)) if whole else text("usage.says-none"),),
        (Table("usage", text("usage.caption"), columns, rows),),
        gaps,
    )


def _ratio(part: Fraction, usage: Usage) -> Fraction:
    return part / usage.quantity_base if usage.quantity_base else Fraction(0)
