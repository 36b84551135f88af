"""Invoice basis: what one member is to be invoiced or credited for one month of one agreement (costs.md D1, D2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from samdrift.model.cost import CostLine, VatCategory
from samdrift.model.money import Ore
from samdrift.model.period import Month

InvoiceKind = Literal["invoice", "credit-note"]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A ledger line on a document; `amount_ore` has the document's sign, so what is credited is positive on a credit note."""

    line: CostLine
    amount_ore: Ore


@dataclass(frozen=True, slots=True)
class VatSum:
    """One category and rate of a document: its taxable sum and the VAT on it, rounded once."""

    category: VatCategory
    rate: Fraction
    taxable_ore: Ore
    vat_ore: Ore


@dataclass(frozen=True, slots=True)
class Invoice:
    """One document. Amounts bear the document's own sign; `signed` turns one back into the ledger's.

    `originals` are the numbers of the documents that a credit note refers to; empty when no earlier document is corrected.
    """

    number: str
    kind: InvoiceKind
    agreement: str
    month: Month
    member: str
    lines: tuple[InvoiceLine, ...]
    vat: tuple[VatSum, ...]
    originals: tuple[str, ...] = ()

    @property
    def net_ore(self) -> Ore:
        return sum(each.taxable_ore for each in self.vat)

    @property
    def vat_ore(self) -> Ore:
        return sum(each.vat_ore for each in self.vat)

    @property
    def gross_ore(self) -> Ore:
        return self.net_ore + self.vat_ore

    def signed(self, ore: Ore) -> Ore:
        """The amount as the ledger has it: negative on a credit note."""
        return ore if self.kind == "invoice" else -ore


@dataclass(frozen=True, slots=True)
class Party:
    """Who invoices or is invoiced; the registration number is ten digits, or empty when the inventory has none."""

    id: str
    name: str
    org_number: str
    email: str = ""

    @property
    def vat_number(self) -> str:
        """The Swedish VAT number of a registration number (SE, ten digits, 01)."""
        return f"SE{self.org_number}01"
