"""A month's ledger as JSON: every line with its exact arithmetic, totals and documents (costs.md 4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.invoice import Invoice
from samdrift.model.period import rfc3339
from samdrift.model.quantity import exact

KIND = "samdrift/cost-export"


def ledger_json(cost: MonthCost, documents: Sequence[Invoice], *, at: datetime, digest: str, draft: bool) -> bytes:
    """The envelope; `generated_at` is the instant of the close, so that a second run gives the same bytes (U9)."""
    numbers = {each.line.line: document.number for document in documents for each in document.lines}
    whole = {
        "schema": KIND, "version": 1, "generated_at": rfc3339(at), "items": [_line(line, numbers.get(line.line)) for line in cost.lines],
        "month": str(cost.month), "agreement": cost.agreement, "from": rfc3339(cost.month.start), "to": rfc3339(cost.month.end), "draft": draft,
        "ledger_digest": digest,
        "totals": {
            "pools": [
                {
                    "pool": each.pool, "amount_ore": each.amount_ore, "allocated_ore": each.allocated_ore, "to_settlement_ore": each.to_settlement_ore,
                    "unallocated_ore": each.unallocated_ore,
                }
                for each in cost.pools
            ],
            "members": [{"member": each.member, "net_ore": each.net_ore, "vat_ore": each.vat_ore, "gross_ore": each.gross_ore} for each in cost.members],
        },
        "documents": [_document(each) for each in documents],
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _line(line: CostLine, document: str | None) -> dict[str, object]:
    return {
        "line": line.line, "agreement": line.agreement, "versions": [{"version": version, "days": days} for version, days in line.versions], "pool": line.pool,
        "member": line.member, "service": line.service, "component": line.component, "amount_ore": line.amount_ore, "exact_ore": exact(line.exact_ore),
        "share": _exact(line.share), "quantity": _exact(line.quantity), "unit": line.unit, "price": _exact(line.price),
        "estimated_share": exact(line.estimated_share), "vat_category": line.vat_category, "vat_rate": exact(line.vat_rate), "documents": list(line.documents),
        "corrects": line.corrects, "invoice": document,
    }  # fmt: skip


def _document(document: Invoice) -> dict[str, object]:
    """Amounts with the document's own sign, as they are printed on it."""
    return {
        "document": document.number, "kind": document.kind, "member": document.member, "net_ore": document.net_ore, "vat_ore": document.vat_ore,
        "gross_ore": document.gross_ore, "originals": list(document.originals),
        "vat": [
            {"vat_category": each.category, "vat_rate": exact(each.rate), "taxable_ore": each.taxable_ore, "vat_ore": each.vat_ore} for each in document.vat
        ],
    }  # fmt: skip


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)
