"""One document as UBL 2.1 under Peppol BIS Billing 3, the invoice that public bodies receive (costs.md D1, D2, 7; EN 16931)."""

from __future__ import annotations

from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from samdrift.model.cost import VatCategory
from samdrift.model.invoice import Invoice, InvoiceLine, Party, VatSum
from samdrift.reports.kronor import decimal, kronor

PAYMENT_DAYS = 30
"""Days to pay, as the Swedish interest act's usual term for public bodies."""
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
COMMON = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
ORG_NUMBER_SCHEME = "0007"
"""ISO 6523: Swedish registration number."""
REASONS: dict[VatCategory, str] = {
    "E": "Undantaget från moms: gemensam kostnad",
    "O": "Utanför momsens tillämpningsområde",
}
"""BR-E-10 and BR-O-10 want the reason in words."""


def ubl(document: Invoice, *, seller: Party, buyer: Party, issued: date, draft: bool = False) -> bytes:
    """An Invoice (380) or CreditNote (381) in UTF-8; prices are never negative, a negative line has quantity -1 (BR-27, R120)."""
    credit = document.kind == "credit-note"
    root = "CreditNote" if credit else "Invoice"
    due = "" if credit else _basic("DueDate", (issued + timedelta(days=PAYMENT_DAYS)).isoformat())
    days = document.month.days()
    parts = [
        _basic("CustomizationID", CUSTOMIZATION), _basic("ProfileID", PROFILE), _basic("ID", document.number), _basic("IssueDate", issued.isoformat()), due,
        _basic(f"{root}TypeCode", "381" if credit else "380"),
        _basic("Note", "UTKAST: månaden är inte stängd. Detta är ingen faktura.") if draft else "",
        _basic("DocumentCurrencyCode", "SEK"), _basic("BuyerReference", document.agreement),
        _group("InvoicePeriod", _basic("StartDate", days[0].isoformat()), _basic("EndDate", days[-1].isoformat())),
        *(_group("BillingReference", _group("InvoiceDocumentReference", _basic("ID", number))) for number in document.originals),
        _group("ContractDocumentReference", _basic("ID", document.agreement)),
        _group("AccountingSupplierParty", _party(seller, vat=_names_vat(document), contact=True)),
        _group("AccountingCustomerParty", _party(buyer, vat=_names_vat(document), contact=False)),
        _group("PaymentTerms", _basic("Note", f"{PAYMENT_DAYS} dagar netto")),
        _group("TaxTotal", _amount("TaxAmount", document.vat_ore), *map(_subtotal, document.vat)),
        _group(
            "LegalMonetaryTotal", _amount("LineExtensionAmount", document.net_ore), _amount("TaxExclusiveAmount", document.net_ore),
            _amount("TaxInclusiveAmount", document.gross_ore), _amount("PayableAmount", document.gross_ore),
        ),
        *(_line(root, place, each) for place, each in enumerate(document.lines, 1)),
    ]  # fmt: skip
    name = f'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {COMMON}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {name}>\n{"".join(parts)}</{root}>\n'.encode()


def _names_vat(document: Invoice) -> bool:
    """A document outside VAT names no VAT number (BR-O-02 to BR-O-04)."""
    return all(each.category != "O" for each in document.vat)


def _party(party: Party, *, vat: bool, contact: bool) -> str:
    return _group(
        "Party",
        _basic("EndpointID", party.org_number, schemeID=ORG_NUMBER_SCHEME),
        _group("PartyName", _basic("Name", party.name)),
        _group("PostalAddress", _group("Country", _basic("IdentificationCode", "SE"))),
        _group("PartyTaxScheme", _basic("CompanyID", party.vat_number), _scheme()) if vat else "",
        _group("PartyLegalEntity", _basic("RegistrationName", party.name), _basic("CompanyID", party.org_number, schemeID=ORG_NUMBER_SCHEME)),
        _group("Contact", _basic("ElectronicMail", party.email)) if contact and party.email else "",
    )  # fmt: skip


def _subtotal(sum_: VatSum) -> str:
    return _group(
        "TaxSubtotal",
        _amount("TaxableAmount", sum_.taxable_ore),
        _amount("TaxAmount", sum_.vat_ore),
        _group(
            "TaxCategory",
            _basic("ID", sum_.category),
            _basic("Percent", decimal(sum_.rate)) if sum_.category != "O" else "",
            _basic("TaxExemptionReason", REASONS[sum_.category]) if sum_.category in REASONS else "",
            _scheme(),
        ),
    )


def _line(root: str, place: int, each: InvoiceLine) -> str:
    line = each.line
    quantity = "-1" if each.amount_ore < 0 else "1"
    amount = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    used = f"{decimal(line.quantity)} {line.unit or ''}".strip() if line.quantity is not None else ""
    return _group(
        f"{root}Line",
        _basic("ID", str(place)),
        _basic("Note", f"{line.line}: {used}" if used else line.line),
        _basic(amount, quantity, unitCode="C62"),
        _amount("LineExtensionAmount", each.amount_ore),
        _group(
            "Item",
            _basic("Name", f"{line.pool} {line.component}"),
            _group(
                "ClassifiedTaxCategory",
                _basic("ID", line.vat_category),
                _basic("Percent", decimal(line.vat_rate)) if line.vat_category != "O" else "",
                _scheme(),
            ),
        ),
        _group("Price", _amount("PriceAmount", abs(each.amount_ore))),
    )


def _scheme() -> str:
    return _group("TaxScheme", _basic("ID", "VAT"))


def _amount(name: str, ore: int) -> str:
    return _basic(name, kronor(ore), currencyID="SEK")


def _basic(name: str, value: str, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(each)}" for key, each in attributes.items())
    return f"<cbc:{name}{given}>{escape(_legal(value))}</cbc:{name}>\n"


def _group(name: str, *children: str) -> str:
    return f"<cac:{name}>\n{''.join(children)}</cac:{name}>\n"


def _legal(value: str) -> str:
    """Without the characters that no XML document may hold (XML 1.0, 2.2)."""
    return "".join(" " if ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF or ord(sign) in {0xFFFE, 0xFFFF} else sign for sign in value)
