"""Cost lines as JSON values and back: integers in öre, exact values as `n` or `n/d` (costs.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from samdrift.model.cost import CostLine, PoolDelta
from samdrift.model.quantity import exact

LINE_FIELDS = tuple(field.name for field in fields(CostLine))
"""The names of a line's values, in the order in which they are written."""


def line_item(line: CostLine) -> dict[str, Any]:
    """One line as `samdrift/cost-preview` writes it."""
    return {
        "line": line.line,
        "agreement": line.agreement,
        "versions": [{"version": version, "days": days} for version, days in line.versions],
        "pool": line.pool,
        "member": line.member,
        "service": line.service,
        "component": line.component,
        "amount_ore": line.amount_ore,
        "exact_ore": exact(line.exact_ore),
        "share": _text(line.share),
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "price": _text(line.price),
        "estimated_share": exact(line.estimated_share),
        "vat_category": line.vat_category,
        "vat_rate": exact(line.vat_rate),
        "documents": list(line.documents),
        "corrects": line.corrects,
    }


def line_of(item: Mapping[str, Any]) -> CostLine:
    """The line that `line_item` wrote."""
    return CostLine(
        line=item["line"],
        agreement=item["agreement"],
        versions=tuple((each["version"], each["days"]) for each in item["versions"]),
        pool=item["pool"],
        member=item["member"],
        service=item["service"],
        component=item["component"],
        amount_ore=item["amount_ore"],
        exact_ore=Fraction(item["exact_ore"]),
        share=_fraction(item["share"]),
        quantity=_fraction(item["quantity"]),
        unit=item["unit"],
        price=_fraction(item["price"]),
        estimated_share=Fraction(item["estimated_share"]),
        vat_category=item["vat_category"],
        vat_rate=Fraction(item["vat_rate"]),
        documents=tuple(item["documents"]),
        corrects=item["corrects"],
    )


def delta_item(delta: PoolDelta) -> dict[str, Any]:
    """What a correction changes in a pool's totals."""
    return {"pool": delta.pool, "amount_ore": delta.amount_ore, "to_settlement_ore": delta.to_settlement_ore}


def delta_of(item: Mapping[str, Any]) -> PoolDelta:
    """The change that `delta_item` wrote."""
    return PoolDelta(item["pool"], item["amount_ore"], item["to_settlement_ore"])


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
