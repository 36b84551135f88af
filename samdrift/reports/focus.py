"""The closed ledger as FOCUS 1.2 rows: billing account = agreement, sub-account = member, VAT as Tax rows (costs.md 7; focus.finops.org)."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.invoice import Invoice
from samdrift.model.money import Ore
from samdrift.model.period import Month, rfc3339
from samdrift.model.quantity import exact
from samdrift.reports.cells import plain
from samdrift.reports.kronor import decimal, kronor

FocusKind = Literal["text", "cost", "quantity", "instant"]
FocusCell = str | Ore | Fraction | datetime | None
"""`cost` cells are integer öre, `quantity` exact fractions; None is null."""
COLUMNS: Mapping[str, FocusKind] = {
    "BilledCost": "cost", "BillingAccountId": "text", "BillingAccountName": "text", "BillingAccountType": "text", "BillingCurrency": "text",
    "BillingPeriodEnd": "instant", "BillingPeriodStart": "instant", "ChargeCategory": "text", "ChargeClass": "text", "ChargeDescription": "text",
    "ChargeFrequency": "text", "ChargePeriodEnd": "instant", "ChargePeriodStart": "instant", "ContractedCost": "cost", "EffectiveCost": "cost",
    "InvoiceId": "text", "InvoiceIssuerName": "text", "ListCost": "cost", "PricingQuantity": "quantity", "PricingUnit": "text", "ProviderName": "text",
    "PublisherName": "text", "ServiceCategory": "text", "ServiceName": "text", "ServiceSubcategory": "text", "SubAccountId": "text", "SubAccountName": "text",
    "SubAccountType": "text", "x_AgreementVersion": "text", "x_Component": "text", "x_CorrectsLine": "text", "x_Draft": "text", "x_ExactCostOre": "text",
    "x_LineId": "text", "x_MemberName": "text", "x_Pool": "text", "x_VatCategory": "text", "x_VatRate": "quantity",
}  # fmt: skip
CATEGORY = {"advance": "Purchase", "settlement": "Adjustment"}
"""Component → ChargeCategory; the others are the month's use, whose effective cost is in the month (EffectiveCost-C-005)."""
ONCE = frozenset({"advance", "settlement", "correction"})
PAID = frozenset({"advance", "settlement"})
"""Their cost is effective in the months that they pay for."""
METERED = frozenset({"used", "priced"})
ONE_MONTH = "Month"
TIMES = {"day": "Days", "h": "Hours"}
"""How FOCUS' unit format writes the time of a unit such as GiB-day."""


@dataclass(frozen=True, slots=True)
class FocusNames:
    """What the rows call things: the issuer's name, members' names, and service id → (name, FOCUS category)."""

    issuer: str
    members: Mapping[str, str]
    services: Mapping[str, tuple[str, str]]
    draft: bool = False


def focus_rows(
    cost: MonthCost, documents: Iterable[Invoice], names: FocusNames, statements: Collection[str] = ()
) -> tuple[tuple[FocusCell, ...], ...]:
    """One row a ledger line, one Tax row a document, category and rate with VAT. The billed cost of an InvoiceId is its document's gross.

    `statements` are ids of lines that an advance has paid: they have an effective cost and no billed one; the advance the other way round.
    """
    made = tuple(documents)
    numbers = {each.line.line: document.number for document in made for each in document.lines}
    rows = [_line_row(cost, line, numbers.get(line.line), names, paid=line.line in statements) for line in cost.lines]
    rows += [_tax_row(cost, document, index, names) for document in made for index, sum_ in enumerate(document.vat) if sum_.vat_ore]
    return tuple(tuple(row[name] for name in COLUMNS) for row in rows)


def focus_csv(rows: Iterable[tuple[FocusCell, ...]]) -> bytes:
    """RFC 4180 in UTF-8; null is an empty cell, instants in UTC with Z, costs with two decimals."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(COLUMNS))
    kinds = tuple(COLUMNS.values())
    writer.writerows([_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows)
    return out.getvalue().encode()


def _text(cell: FocusCell, kind: FocusKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return rfc3339(cell)
    if isinstance(cell, str):
        return plain(cell)
    if kind == "cost":
        return kronor(int(cell))
    number = decimal(Fraction(cell))
    return number if "." in number else f"{number}.0"  # so that a column of whole quantities is still read as decimal


def _frame(cost: MonthCost, member: str, names: FocusNames) -> dict[str, FocusCell]:
    name = names.members.get(member, member)
    return dict.fromkeys(COLUMNS) | {
        "BillingAccountId": cost.agreement, "BillingAccountName": cost.agreement, "BillingAccountType": "Agreement", "BillingCurrency": "SEK",
        "BillingPeriodStart": cost.month.start, "BillingPeriodEnd": cost.month.end, "ChargePeriodStart": cost.month.start, "ChargePeriodEnd": cost.month.end,
        "InvoiceIssuerName": _ascii(names.issuer), "ProviderName": _ascii(names.issuer), "PublisherName": _ascii(names.issuer), "SubAccountId": member,
        "SubAccountName": _ascii(name), "x_MemberName": name, "SubAccountType": "Member", "x_Draft": "true" if names.draft else None,
    }  # fmt: skip


def _line_row(cost: MonthCost, line: CostLine, number: str | None, names: FocusNames, *, paid: bool) -> dict[str, FocusCell]:
    name, category = names.services.get(line.service or "", (line.pool, "Other"))
    correction = line.component == "correction"
    charged = Month.parse(line.corrects.split("/", 1)[0]) if line.corrects else cost.month
    charge = CATEGORY.get(line.component, "Usage")
    metered = line.component in METERED and line.quantity is not None
    unit = (line.quantity, focus_unit(line.unit or "Unit")) if metered else (Fraction(1), ONE_MONTH)
    return _frame(cost, line.member, names) | {
        "BilledCost": 0 if paid else line.amount_ore, "EffectiveCost": 0 if line.component in PAID else line.amount_ore,
        "ListCost": line.amount_ore, "ContractedCost": line.amount_ore, "ChargeCategory": charge, "ChargeClass": "Correction" if correction else None,
        "ChargeDescription": f"{line.pool}: {line.component}", "ChargeFrequency": "One-Time" if line.component in ONCE else "Usage-Based" if metered else "Recurring",
        "ChargePeriodStart": charged.start, "ChargePeriodEnd": charged.end, "InvoiceId": number, "PricingQuantity": unit[0], "PricingUnit": unit[1],
        "ServiceName": _ascii(name), "ServiceCategory": category, "ServiceSubcategory": f"Other ({category})", "x_AgreementVersion": _versions(line),
        "x_Component": line.component, "x_CorrectsLine": line.corrects, "x_ExactCostOre": exact(line.exact_ore), "x_LineId": line.line, "x_Pool": line.pool,
        "x_VatCategory": line.vat_category, "x_VatRate": line.vat_rate,
    }  # fmt: skip


def _tax_row(cost: MonthCost, document: Invoice, index: int, names: FocusNames) -> dict[str, FocusCell]:
    sum_ = document.vat[index]
    ore = document.signed(sum_.vat_ore)
    return _frame(cost, document.member, names) | {
        "BilledCost": ore, "EffectiveCost": ore, "ListCost": ore, "ContractedCost": ore, "ChargeCategory": "Tax", "ChargeFrequency": "One-Time",
        "ChargeDescription": f"VAT {decimal(sum_.rate)} %", "InvoiceId": document.number, "ServiceName": "VAT", "ServiceCategory": "Other",
        "ServiceSubcategory": "Other (Other)", "x_Component": "vat", "x_VatCategory": sum_.category, "x_VatRate": sum_.rate,
    }  # fmt: skip


def focus_unit(unit: str) -> str:
    """A unit in FOCUS' format.

    >>> focus_unit("GiB-day"), focus_unit("vCPU-h"), focus_unit("kWh")
    ('GiB-Days', 'vCPU-Hours', 'kWh')
    """
    thing, hyphen, time = unit.partition("-")
    return f"{thing}-{TIMES.get(time, time)}" if hyphen else thing


def _ascii(name: str) -> str:
    """FOCUS' string handling takes ASCII alone; the name as it is stands in an x_ column."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _versions(line: CostLine) -> str | None:
    return " ".join(version for version, _ in line.versions) or None
