"""One report in every form: the same numbers, the same bytes twice, tagged, titled and in its language (interface.md U31, U36, U37)."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction

import openpyxl
import pypdf
import pytest

from samdrift.model.finding import Status
from samdrift.model.section import Chart, Column, Report, Section, Table, Term
from samdrift.model.text import Text
from samdrift.reports.chart import step, svg
from samdrift.reports.csv_table import csv_table
from samdrift.reports.html import render_html
from samdrift.reports.pdf import render_pdf
from samdrift.reports.report_json import report_json
from samdrift.reports.totals import tables_of
from samdrift.reports.xlsx import render_xlsx

MADE = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
LOCAL = datetime.fromisoformat("2026-11-03T10:30")
"""What a sheet shows of MADE: Stockholm's time, for a sheet knows no zone."""
MONEY = Table(
    "pools", "Kostnadsställen",
    (Column("pool", "Kostnadsställe", "id"), Column("kind", "Slag"), Column("amount_ore", "Belopp", "money"), Column("share", "Andel", "percent"), Column("volume", "Mängd", "quantity", "GiB-dygn"),
     Column("state", "Läge", "state"), Column("on_date", "Dag", "date"), Column("seen_at", "Sedd", "instant"), Column("left_seconds", "Kvar", "duration"), Column("size_bytes", "Storlek", "bytes")),
    (("hall", Term("used", "Använt"), 123_456_789, Fraction(1, 3), Fraction(2, 3), Status.OK, date(2026, 10, 1), MADE, 93_784, 2**31),
     ("=cmd()|'x'!A1", Term("key", "Efter nyckel"), -5, Fraction(2, 3), Fraction(0), Status.WARNING, None, None, 0, None)),
    ("Summa", None, 123_456_784, Fraction(1), *[None] * 6),
)  # fmt: skip
MONTHS = Table("months", "Månader", (Column("month", "Månad", "id"), Column("net_ore", "Netto", "money")), (("2026-09", None), ("2026-10", 4_595_723)))
CHART = Chart("months-chart", "Kostnad per månad", "En stapel per månad <b>", MONTHS, "month", "net_ore")
REPORT = Report(
    "2026-10-are", "Åre kommun: månadsrapport 2026-10", "sv", "Allt är betalt.", "Ekonomi i Åre", "2026-10", MADE, MADE, "exakt", "samdrift 0.1.0",
    (Section("cost", "Kostnad", ("Nio lika delar.",), (MONEY,), ("en mätare",), (CHART,)), Section("empty", "Tomt", (), (Table("none", "Ingenting", MONTHS.columns, ()),))),
    "ekonom@region-jh.example", figures=(("Att betala", "45 957,23 kr"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def pdf():
    return render_pdf(REPORT)


@pytest.mark.parametrize("render", [render_html, render_xlsx, report_json])
def test_the_same_report_gives_the_same_bytes(render):
    assert render(REPORT) == render(REPORT)


def test_a_pdf_is_tagged_titled_in_its_language_and_the_same_twice(pdf):
    assert render_pdf(REPORT) == pdf
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "sv"
    assert reader.metadata.title == REPORT.title
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_pdf_has_headings_of_tables_and_its_figures_have_words(pdf, tmp_path):
    if shutil.which("pdfinfo") is None:
        pytest.skip("poppler-utils is not installed: apt-get install poppler-utils")
    (tmp_path / "a.pdf").write_bytes(pdf)

    def said(*command):
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()

    assert re.search(r"Tagged:\s+yes", said("pdfinfo", str(tmp_path / "a.pdf")))
    tree = said("pdfinfo", "-struct", str(tmp_path / "a.pdf"))
    for tag in ("H1", "H2", "Table", "TH", "TD", "Figure"):
        assert re.search(rf"^\s*{tag}\b", tree, re.MULTILINE), f"no {tag}"
    text = said("pdftotext", "-layout", str(tmp_path / "a.pdf"), "-")
    assert "1 234 567,89" in text.replace("\u00a0", " ")
    assert "Åre kommun" in text
    assert re.search(r"1 ?/ ?2", text), "no page numbers"


def test_every_number_of_the_page_is_in_the_csv():
    rows = {table.id: list(csv.reader(io.StringIO(csv_table(table).decode()))) for table in tables_of(REPORT)}
    assert set(rows) == {"months", "pools", "none", "totals"}
    assert rows["pools"][1] == ["hall", "used", "123456789", "1/3", "2/3", "ok", "2026-10-01", "2026-11-03T09:30:00Z", "93784", "2147483648"]
    assert rows["totals"][1:] == [["pools", "amount_ore", "123456784", ""], ["pools", "share", "", "1"]]
    assert rows["pools"][2][0] == "'=cmd()|'x'!A1"


def test_a_workbook_has_one_table_a_sheet_frozen_and_named():
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(REPORT)))
    assert book.sheetnames == ["Om rapporten", "Månader", "Kostnadsställen", "Ingenting", "Summor"]
    for sheet in book:
        assert sheet.freeze_panes == "A2", sheet.title
        assert len(sheet.tables) == 1, sheet.title
        assert not sheet.merged_cells.ranges
        assert len(sheet.title) <= 31
    assert book.properties.title == REPORT.title
    assert book.properties.language == "sv"
    assert book.properties.created == LOCAL


def test_a_workbooks_numbers_are_numbers_and_its_text_is_never_a_formula():
    content = render_xlsx(REPORT)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Kostnadsställen"]
    cells = [cell.value for cell in sheet[2]]
    assert cells[:6] == ["hall", "Använt", 1_234_567.89, pytest.approx(1 / 3), pytest.approx(2 / 3), "✓ OK"]
    assert cells[6:] == [datetime.fromisoformat("2026-10-01"), LOCAL, 93_784, 2**31]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=cmd()|'x'!A1", "s")
    assert sheet["C2"].number_format == "#,##0.00"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_sheets_with_long_or_equal_names_are_told_apart():
    tables = tuple(Table(f"t{number}", "Ett mycket långt namn på en tabell som ingen flik rymmer [a/b]", MONTHS.columns, MONTHS.rows) for number in range(3))
    report = Report("x", "x", "sv", "x", "x", "x", None, MADE, "x", "x", (Section("s", "S", (), tables),), "x")
    names = openpyxl.load_workbook(io.BytesIO(render_xlsx(report))).sheetnames
    assert len(names) == len({name.casefold() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


def test_columns_of_one_name_are_told_apart_in_a_workbook():
    table = Table("t1", "T", (Column("aa", "Belopp", "money"), Column("bb", "belopp", "money")), ((1, 2),))
    report = Report("x", "x", "sv", "x", "x", "x", None, MADE, "x", "x", (Section("s", "S", (), (table,)),), "x")
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(report)))["T"]
    assert [cell.value for cell in sheet[1]] == ["Belopp (kr)", "belopp (kr) [bb]"]


def test_json_keeps_exact_values_and_unknown_is_null():
    told = json.loads(report_json(REPORT))
    months, pools = told["items"][0]["tables"]
    assert months["rows"][0] == {"month": "2026-09", "net_ore": None}
    assert pools["rows"][0]["share"] == "1/3"
    assert pools["rows"][0]["kind"] == "used"
    assert pools["totals"] == {"amount_ore": 123_456_784, "share": "1"}
    assert told["schema"] == "samdrift/member-report"


def test_a_chart_has_title_description_and_no_style():
    drawn = svg(CHART, Text("sv"))
    assert 'role="img"' in drawn
    assert "<title id=" in drawn
    assert "En stapel per månad &lt;b&gt;" in drawn
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_a_chart_says_each_value_beside_its_bar_and_leaves_the_unknown_open():
    drawn = svg(CHART, Text("sv"))
    assert drawn.count('<rect class="bar"') == 1
    assert "45\u00a0957" in drawn
    assert ">–</text>" in drawn


@pytest.mark.parametrize("lying", [True, False])
@pytest.mark.parametrize("values", [(), (0,), (None, None), (-500, 300), (10**15, 1), (-1, -1)])
def test_a_chart_of_any_values_stays_in_its_frame(values, lying):
    table = Table("t1", "T", MONTHS.columns, tuple((f"2026-{place + 1:02d}", value) for place, value in enumerate(values)))
    drawn = svg(Chart("c1", "C", "D", table, "month", "net_ore", mark="net_ore", lying=lying), Text("en"))
    height = int(re.search(r'height="(\d+)"', drawn)[1])
    for found in re.findall(r'<rect class="\w+" x="(-?\d+)" y="(-?\d+)" width="(-?\d+)" height="(-?\d+)"', drawn):
        x, y, wide, high = map(int, found)
        assert 0 <= x <= x + wide <= 720
        assert 0 <= y <= y + high <= height


@pytest.mark.parametrize(("reach", "wanted"), [(Fraction(4_595_723), 2_000_000), (Fraction(4), 1), (Fraction(1, 100), Fraction(1, 200)), (Fraction(0), 1), (Fraction(10**15), 5 * 10**14)])
def test_grid_lines_stand_at_round_numbers(reach, wanted):
    found = step(reach)
    assert found == wanted
    assert found * 4 >= reach


def test_html_shows_charts_with_their_data_and_no_style_attribute():
    page = render_html(REPORT).decode()
    assert page.index("<svg") < page.index("<caption>Månader")
    assert " style=" not in page
    assert "<figcaption" in page
    assert "45 957,23 kr" in page
