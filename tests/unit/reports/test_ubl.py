"""UBL documents: what Peppol's validator does not look at, and Sweden's own rules (costs.md 7); the validator itself runs in tests/lab."""

from datetime import date
from xml.etree import ElementTree as ET

from samdrift.costs.invoices import invoices
from samdrift.model.invoice import Party
from samdrift.reports.ubl import ubl
from tests.unit.costs.ledgers import ledger, line

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
HOST = Party("region-jh", "Region Jämtland Härjedalen", "2321000214", "ekonom@region-jh.example")
ARE = Party("are", "Åre <kommun> & co", "2120002494")


def written(*lines, **more):
    return [ET.fromstring(ubl(each, seller=HOST, buyer=ARE, issued=date(2026, 11, 3), **more)) for each in invoices(ledger(*lines), ())]


def texts(root, path):
    return [each.text for each in root.iterfind(path.replace("cbc:", CBC).replace("cac:", CAC))]


def test_an_invoice_has_its_parties_sums_and_terms():
    (root,) = written(line("are", 12_345), line("are", 33, pool="administration", service=None, vat=("E", 0)))
    assert root.tag.endswith("}Invoice")
    assert texts(root, "cbc:InvoiceTypeCode") == ["380"]
    assert texts(root, "cbc:DueDate") == ["2026-12-03"]
    assert texts(root, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["154.64"]
    assert texts(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount") == ["30.86", "0.00"]
    assert texts(root, "cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name") == ["Åre <kommun> & co"]
    assert texts(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason") == ["Undantaget från moms: gemensam kostnad"]


def test_swedish_numbers_are_as_sweden_wants_them():
    """SE-R-001 to SE-R-004 and SE-R-013: VAT number of 14 signs, registration number of ten digits whose check digit is right."""
    (root,) = written(line("are", 100))
    assert texts(root, "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID") == ["SE232100021401"]
    assert [each.attrib["schemeID"] for each in root.iter(f"{CBC}EndpointID")] == ["0007", "0007"]
    for number in texts(root, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID"):
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
        assert sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def test_a_negative_line_has_quantity_minus_one_and_a_price_that_is_not_negative():
    (root,) = written(line("are", 5000), line("are", -1000, pool="backup"))
    assert texts(root, "cac:InvoiceLine/cbc:InvoicedQuantity") == ["-1", "1"]
    assert texts(root, "cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["10.00", "50.00"]
    assert texts(root, "cac:InvoiceLine/cbc:LineExtensionAmount") == ["-10.00", "50.00"]


def test_a_credit_note_names_what_it_refers_to_and_has_no_due_date():
    (root,) = written(line("are", -1000, component="correction", corrects="2026-02/joint-hall/are/key"))
    assert root.tag.endswith("}CreditNote")
    assert texts(root, "cbc:CreditNoteTypeCode") == ["381"]
    assert texts(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == ["joint-operations.2026-02.are"]
    assert texts(root, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["12.50"]
    assert not texts(root, "cbc:DueDate")


def test_outside_vat_no_vat_number_and_no_rate_is_named():
    (root,) = written(line("are", 1000, vat=("O", 0)))
    assert not list(root.iter(f"{CBC}Percent"))
    assert not list(root.iter(f"{CAC}PartyTaxScheme"))
    assert texts(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID") == ["O"]


def test_a_draft_says_that_it_is_no_invoice():
    (root,) = written(line("are", 1000), draft=True)
    assert texts(root, "cbc:Note") == ["UTKAST: månaden är inte stängd. Detta är ingen faktura."]
    assert not texts(written(line("are", 1000))[0], "cbc:Note")
