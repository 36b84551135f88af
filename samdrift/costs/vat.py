"""VAT: the dated category and rate of a pool's service (costs.md D1, 5b)."""

from __future__ import annotations

from fractions import Fraction

from samdrift.model.cost import VatCategory
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.service import Service
from samdrift.model.period import Month


def vat_of(service: Service | None, agreement: Agreement, month: Month) -> tuple[VatCategory, Fraction]:
    """The VAT category and rate in force on the month's first day; without any: E, `gemensam kostnad` (5b)."""
    rows = (service.vat if service and service.vat else agreement.vat) or ()
    valid = [row for row in rows if row.from_ <= month.first_day]
    if not valid:
        return ("E", Fraction(0))
    latest = max(valid, key=lambda row: row.from_)
    return (latest.category, latest.rate)
