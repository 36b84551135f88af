"""A report as a workbook: one table a sheet, heading row frozen and named, numbers as numbers, text never a formula (interface.md U37)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless
from samdrift.model.period import STOCKHOLM
from samdrift.model.section import Cell, Column, Report, Table
from samdrift.model.text import Text
from samdrift.reports.cells import NUMERIC, shown
from samdrift.reports.facts import facts_of
from samdrift.reports.kronor import decimal, kronor
from samdrift.reports.totals import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 32_000
"""Characters of one cell; Excel takes 32767."""
SHEET_NAME = 31
FORMATS = {
    "money": "#,##0.00", "quantity": "#,##0.000", "percent": "0.00%", "integer": "#,##0", "duration": "#,##0", "bytes": "#,##0",
    "date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm",
}  # fmt: skip
UNITS = {"money": "kr", "duration": "s", "bytes": "byte"}
CORE = "docProps/core.xml"
FIRST = datetime(1980, 1, 1)  # noqa: DTZ001 - the earliest time a ZIP entry can bear; it has no zone


def render_xlsx(report: Report) -> bytes:
    """The workbook's bytes; the same report gives the same bytes. Amounts are in kronor, times in Stockholm's."""
    import xlsxwriter

    text = Text(report.language)
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    made = report.made_at.astimezone(STOCKHOLM).replace(tzinfo=None)
    book.set_properties({"title": report.title, "subject": report.period, "author": "samdrift", "created": made})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    styles = formats | {"head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}), "text": book.add_format({"text_wrap": True, "valign": "top"})}
    taken: set[str] = set()
    for table in (_about(report, text), *tables_of(report)):
        _sheet(book, table, _name(table.caption, taken), styles, text)
    book.close()
    return _with_language(sink.getvalue(), report.language)


def _about(report: Report, text: Text) -> Table:
    columns = (Column("name", text("report.fact")), Column("value", text("report.value")))
    says = tuple((section.title, sentence) for section in report.sections for sentence in section.sentences)
    return Table("about", text("report.about"), columns, ((text("report.title"), report.title), (text("report.says"), report.says), *facts_of(report, text), *says))


def _name(caption: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", harmless(caption)).strip(" '") or "tabell"
    if len(plain) > SHEET_NAME:
        plain = plain[:SHEET_NAME].rsplit(" ", 1)[0].rstrip(" ,;-")
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: SHEET_NAME - 3]} {count}"
    taken.add(name.casefold())
    return name


def _sheet(book: Any, table: Table, name: str, styles: Mapping[str, Any], text: Text) -> None:
    sheet = book.add_worksheet(name)
    headings = _headings(table)
    last = max(len(table.rows), 1)
    options = {"name": "T_" + re.sub(r"[^a-z0-9]", "_", table.id), "style": "Table Style Light 1", "columns": [{"header": each, "header_format": styles["head"]} for each in headings]}
    sheet.add_table(0, 0, last, len(headings) - 1, options)
    sheet.freeze_panes(1, 0)
    widths = [min(len(heading), 18) for heading in headings]
    for row, cells in enumerate(table.rows, 1):
        for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            _write(sheet, row, place, cell, column, styles, text)
            widths[place] = max(widths[place], len(shown(cell, column, text)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width + 3, 70))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L" + name.replace("&", "&&") + "&R&P / &N")


def _headings(table: Table) -> list[str]:
    """The columns' headings with their units, told apart where two are the same (a table's headings must differ)."""
    found: list[str] = []
    for column in table.columns:
        unit = column.unit or UNITS.get(column.kind)
        heading = f"{column.heading} ({unit})" if unit else column.heading
        found.append(heading if heading.casefold() not in {each.casefold() for each in found} else f"{heading} [{column.key}]")
    return found


def _write(sheet: Any, row: int, place: int, cell: Cell, column: Column, styles: Mapping[str, Any], text: Text) -> None:
    if isinstance(cell, bool) or cell is None or isinstance(cell, Status) or not isinstance(cell, int | Fraction | date):
        words = harmless(shown(cell, column, text))
        if words:
            sheet.write_string(row, place, words[:LONGEST], styles["text"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.astimezone(STOCKHOLM).replace(tzinfo=None), styles["instant"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), styles["date"])  # noqa: DTZ001 - a sheet's day has no zone
    else:
        number = Decimal(kronor(int(cell)) if column.kind == "money" else decimal(Fraction(cell)))
        sheet.write_number(row, place, number, styles[column.kind if column.kind in NUMERIC else "quantity"])


def _with_language(workbook: bytes, language: str) -> bytes:
    """The document's language among its properties, which xlsxwriter 3.3 cannot write; every entry keeps its name, order and time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == CORE:
                content = content.replace(b"</cp:coreProperties>", f"<dc:language>{language}</dc:language></cp:coreProperties>".encode())
            kept = zipfile.ZipInfo(entry.filename, FIRST.timetuple()[:6])
            kept.compress_type, kept.external_attr = zipfile.ZIP_DEFLATED, entry.external_attr
            written.writestr(kept, content)
    return out.getvalue()
