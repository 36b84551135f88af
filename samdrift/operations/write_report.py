"""Write a report into a folder in the form asked for, each file whole or not at all; the same numbers in each (interface.md U36, U37)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from samdrift.adapters.files import make_folder, write_whole
from samdrift.model.section import Report
from samdrift.reports.csv_table import csv_table
from samdrift.reports.html import render_html
from samdrift.reports.pdf import render_pdf
from samdrift.reports.report_json import report_json
from samdrift.reports.totals import tables_of
from samdrift.reports.xlsx import render_xlsx

ReportFormat = Literal["html", "pdf", "csv", "json", "xlsx"]
WHOLE: Mapping[str, Callable[[Report], bytes]] = {"html": render_html, "pdf": render_pdf, "json": report_json, "xlsx": render_xlsx}
"""Forms that are one file; CSV is one a table."""


def report_files(report: Report, form: ReportFormat) -> dict[str, bytes]:
    """File name → bytes; the same report gives the same bytes."""
    if form == "csv":
        return {f"{report.id}-{table.id}.csv": csv_table(table) for table in tables_of(report)}
    return {f"{report.id}.{form}": WHOLE[form](report)}


def write_report(report: Report, folder: Path, form: ReportFormat) -> tuple[Path, ...]:
    """The paths written, sorted."""
    made = report_files(report, form)
    make_folder(folder, mode=0o755)
    for name, content in made.items():
        write_whole(folder / name, content)
    return tuple(sorted(folder / name for name in made))
