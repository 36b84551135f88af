"""A report as JSON: its facts, sections and tables with exact values (interface.md U8)."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction

from samdrift.model.finding import Status
from samdrift.model.period import rfc3339
from samdrift.model.quantity import exact
from samdrift.model.section import Cell, Column, Report, Table, Term

KIND = "samdrift/member-report"


def report_json(report: Report, kind: str = KIND) -> bytes:
    """The envelope of `kind`; items are the sections. Integers stay integers, exact values are `n` or `n/d`, unknown is null."""
    sections = [
        {
            "id": section.id, "title": section.title, "sentences": list(section.sentences), "missing": list(section.missing),
            "tables": [_table(table) for table in section.all_tables],
        }
        for section in report.sections
    ]  # fmt: skip
    whole = {
        "schema": kind, "version": 1, "generated_at": rfc3339(report.made_at), "items": sections, "report": report.id, "title": report.title, "language": report.language,
        "says": report.says, "audience": report.audience, "period": report.period, "data_until_at": rfc3339(report.data_until) if report.data_until else None,
        "method": report.method, "program_version": report.version, "contact": report.contact, "facts": dict(report.facts),
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _table(table: Table) -> dict[str, object]:
    rows = [{column.key: _value(cell, column) for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]
    totals = {column.key: _value(cell, column) for column, cell in list(zip(table.columns, table.totals, strict=True))[1:] if cell is not None} if table.totals else {}
    return {"id": table.id, "caption": table.caption, "rows": rows, "totals": totals}


def _value(cell: Cell, column: Column) -> str | int | None:
    if isinstance(cell, Status):
        return cell.value
    if isinstance(cell, Term):
        return cell.id
    if isinstance(cell, datetime):
        return rfc3339(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Fraction):
        return exact(cell)
    if isinstance(cell, int) and column.kind in {"quantity", "percent"}:
        return exact(cell)
    return None if cell == "" and column.kind not in {"text", "id"} else cell
