"""FOCUS 1.2 rows: the mandatory columns, the rules of the standard that our rows can break, advance and correction (costs.md 7)."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pyarrow.parquet as pq

from samdrift.adapters.parquet import parquet_table
from samdrift.costs.invoices import invoices
from samdrift.reports.focus import COLUMNS, FocusNames, focus_csv, focus_rows
from tests.unit.costs.ledgers import ledger, line

MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
    "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
    "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
}  # fmt: skip
NULLABLE = {"ChargeClass", "PricingQuantity", "PricingUnit", "ChargeDescription"}
NAMES = FocusNames("Region Jämtland Härjedalen", {"are": "Åre kommun"}, {"hall": ("Serverhall", "Compute")})


def rows(*lines, statements=()):
    cost = ledger(*lines)
    return [dict(zip(COLUMNS, row, strict=True)) for row in focus_rows(cost, invoices(cost, ()), NAMES, statements)]


MONTH = (
    line("are", 100_000), line("are", 777, component="priced", pool="backup", quantity=Fraction(1000, 3), unit="GiB-day"),
    line("are", -500, component="correction", corrects="2026-02/joint-hall/are/key"), line("krokom", 5000, vat=("O", 0)),
)  # fmt: skip


def test_all_mandatory_columns_are_there_and_filled():
    assert len(MANDATORY) == 21
    assert set(COLUMNS) >= MANDATORY
    for row in rows(*MONTH):
        assert not [name for name in MANDATORY - NULLABLE if row[name] in {None, ""}], row


def test_own_columns_begin_with_x():
    standard = MANDATORY | {"BillingAccountType", "ChargeFrequency", "InvoiceId", "ServiceSubcategory", "SubAccountId", "SubAccountName", "SubAccountType"}
    assert [name for name in COLUMNS if name not in standard and not name.startswith("x_")] == []


def test_the_rules_that_link_columns_hold():
    for row in rows(*MONTH, line("berg", 9000, component="advance")):
        assert row["ChargeCategory"] in {"Usage", "Purchase", "Tax", "Credit", "Adjustment"}
        assert (row["PricingUnit"] is None) == (row["PricingQuantity"] is None)
        if row["ChargeCategory"] in {"Usage", "Purchase"} and row["ChargeClass"] is None:
            assert row["PricingQuantity"] is not None
        if row["ChargeCategory"] == "Tax":
            assert row["PricingQuantity"] is None
        if row["ChargeCategory"] == "Purchase":
            assert row["EffectiveCost"] == 0
            assert row["ChargeFrequency"] != "Usage-Based"
        assert row["BillingPeriodStart"] < row["BillingPeriodEnd"]
        assert row["ChargePeriodStart"] < row["ChargePeriodEnd"]
        assert all(row[name].isascii() for name in ("InvoiceIssuerName", "ProviderName", "PublisherName", "ServiceName", "SubAccountName"))


def test_a_correction_has_the_old_charge_period_and_the_new_billing_period():
    (row,) = [row for row in rows(*MONTH) if row["ChargeClass"] == "Correction"]
    assert row["ChargePeriodStart"] == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert row["BillingPeriodStart"] == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert row["x_CorrectsLine"] == "2026-02/joint-hall/are/key"


def test_billed_cost_of_an_invoice_id_is_the_documents_gross():
    cost = ledger(*MONTH)
    found = {}
    for row in rows(*MONTH):
        found[row["InvoiceId"]] = found.get(row["InvoiceId"], 0) + row["BilledCost"]
    assert found == {each.number: each.signed(each.gross_ore) for each in invoices(cost, ())}


def test_an_advance_is_bought_with_no_effective_cost_and_its_months_have_no_billed_one():
    paid, used = line("are", 9000, component="advance"), line("are", 700)
    advance, statement, _tax = sorted(rows(paid, used, statements={used.line}), key=lambda row: (row["x_Component"] == "vat", row["x_Component"]))
    assert (advance["ChargeCategory"], advance["BilledCost"], advance["EffectiveCost"]) == ("Purchase", 9000, 0)
    assert (statement["ChargeCategory"], statement["BilledCost"], statement["EffectiveCost"]) == ("Usage", 0, 700)


def test_csv_has_utc_with_z_and_two_decimals():
    lines = focus_csv(focus_rows(ledger(*MONTH), invoices(ledger(*MONTH), ()), NAMES)).decode().split("\r\n")
    first = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert (first["BillingPeriodStart"], first["BilledCost"], first["PricingQuantity"]) == ("2026-09-30T22:00:00Z", "7.77", "333.3333333333")


def test_parquet_costs_are_decimal_and_the_bytes_are_the_same_each_time():
    made = focus_rows(ledger(*MONTH), invoices(ledger(*MONTH), ()), NAMES)
    content = parquet_table(COLUMNS, made)
    assert content == parquet_table(COLUMNS, made)
    table = pq.read_table(BytesIO(content))
    for name in ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost"):
        assert str(table.schema.field(name).type) == "decimal128(38, 2)", name
    assert sum(table["BilledCost"].to_pylist()) == Decimal(sum(row["BilledCost"] for row in rows(*MONTH))) / 100
