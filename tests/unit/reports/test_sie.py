"""SIE 4I: read back by a reader that shares no code with the writer; golden bytes; accounts that are missing, doubled or unclear (costs.md 7)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.costs.invoices import invoices
from samdrift.model.invoice import Party
from samdrift.model.nouns.account import Account
from samdrift.reports.sie import sie_file
from tests.unit.costs.ledgers import ledger, line
from tests.unit.reports.sie_reader import read

GOLDEN = Path(__file__).parent / "golden.si"
HOST = Party("region-jh", "Region Jämtland Härjedalen", "2321000214")
MEMBERS = {"are": Party("are", "Åre kommun", "2120002494"), "krokom": Party("krokom", "Krokoms kommun", "2120002478"), "berg": Party("berg", "Bergs kommun", "2120002502")}
MADE = date(2026, 11, 3)


def accounts(*rows):
    return tuple(Account.model_validate({"account": "3600", "receivable": "1510", "vat_account": "2611", **row}) for row in rows)


ALL = accounts({"id": "rest"}, {"id": "hall-25", "service": "hall", "vat_rate": "25", "account": "3681", "dimension": 1, "object": "410"})


def written(*lines, rows=ALL, members=MEMBERS, **more):
    return sie_file(invoices(ledger(*lines), ()), issuer=HOST, members=members, accounts=rows, made=MADE, version="0.1.0", **more)


def codes(made):
    return [(each.code, each.text) for each in made.blocking]


MONTH = (line("are", 100_000), line("are", 33, item="b", pool="administration", service=None, vat=("E", 0)), line("krokom", -50_001, component="correction", corrects="2026-02/joint-hall/krokom/key"))


def test_the_golden_file_is_written_byte_for_byte():
    assert written(*MONTH).content == GOLDEN.read_bytes(), GOLDEN.name


def test_each_document_is_one_voucher_that_sums_to_zero():
    sie = read(written(*MONTH).content)
    assert [(each.number, each.rows) for each in sie.vouchers] == [
        ("joint-operations.2026-10.are", [
            ("1510", (), 125_033, "joint-operations.2026-10.are"), ("3600", (), -33, "2026-10/administration/are/key/b"),
            ("3681", (("1", "410"),), -100_000, "2026-10/joint-hall/are/key"), ("2611", (), -25_000, "moms 25 %"),
        ]),
        ("joint-operations.2026-10.krokom", [
            ("1510", (), -62_501, "joint-operations.2026-10.krokom"), ("3681", (("1", "410"),), 50_001, "2026-10/joint-hall/krokom/correction"),
            ("2611", (), 12_500, "moms 25 %"),
        ]),
    ]  # fmt: skip
    assert sie.head["#ORGNR"] == ["232100-0214"]
    assert sie.head["#FNAMN"] == ["Region Jämtland Härjedalen"]


def test_a_draft_says_so():
    assert "UTKAST" in read(written(*MONTH, draft=True).content).head["#PROSA"][0]


def test_a_line_that_no_row_is_for_blocks():
    made = written(*MONTH, rows=accounts({"id": "hall", "service": "hall"}))
    assert codes(made) == [("account-unmapped", "no row of accounts.yml is for service (none), member are, VAT 0 %")]
    assert made.content == b""


def test_the_most_specific_row_wins():
    rows = accounts({"id": "aa"}, {"id": "bb", "service": "hall", "account": "3001"}, {"id": "cc", "service": "hall", "member": "are", "account": "3002"})
    sie = read(written(line("are", 100), line("krokom", 100), rows=rows).content)
    assert {row[0] for each in sie.vouchers for row in each.rows} == {"1510", "2611", "3001", "3002"}


def test_two_rows_that_are_equally_specific_are_an_error():
    rows = accounts({"id": "aa", "member": "are"}, {"id": "bb", "service": "hall"})
    assert codes(written(line("are", 100), rows=rows)) == [("account-unmapped", "aa and bb of accounts.yml are both for service hall, member are, VAT 25 %")]


@pytest.mark.parametrize(("row", "text"), [
    ({"receivable": None}, "receivable of joint-operations.2026-10.are: no account"),
    ({"vat_account": None}, "VAT 25 % of joint-operations.2026-10.are: no account"),
])  # fmt: skip
def test_an_account_that_a_row_leaves_out_blocks(row, text):
    assert codes(written(line("are", 100), rows=accounts({"id": "aa", **row}))) == [("account-unmapped", text)]


def test_two_receivables_of_one_document_block():
    rows = accounts({"id": "aa"}, {"id": "bb", "service": "hall", "receivable": "1511"})
    made = written(line("are", 100), line("are", 100, pool="x", service=None), rows=rows)
    assert codes(made) == [("account-unmapped", "receivable of joint-operations.2026-10.are: several accounts, 1510, 1511")]


def test_dashes_and_typographic_quotes_are_replaced_with_a_warning():
    members = {"are": Party("are", "Åre – ”fjällens” kommun…", "")}
    made = written(line("are", 100), members=members)
    assert read(made.content).vouchers[0].text == 'Faktura 2026-10 Åre - "fjällens" kommun...'
    assert len(made.warnings) == 1
    assert "Åre" in made.warnings[0]


def test_what_cp437_lacks_blocks_and_is_named():
    made = written(line("are", 100), members={"are": Party("are", "Årę €", "")})
    assert codes(made) == [("text-not-cp437", "'Faktura 2026-10 Årę €' has U+0119, U+20AC, which SIE's character set lacks")]


TEXTS = st.text(st.characters(codec="cp437"), max_size=30)


@given(TEXTS)
def test_any_text_of_the_character_set_comes_back_as_it_was(name):
    made = written(line("are", 100), members={"are": Party("are", name, "")})
    plain = "".join(" " if ord(sign) < 32 or sign in "\x7f\xa0" else sign for sign in name)
    assert read(made.content).vouchers[0].text == f"Faktura 2026-10 {plain}"
