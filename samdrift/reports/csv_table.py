"""A table as CSV: RFC 4180, UTF-8 without mark, columns under their JSON names (interface.md U9)."""

from __future__ import annotations

import csv
import io

from samdrift.model.section import Table
from samdrift.reports.cells import plain


def csv_table(table: Table) -> bytes:
    """The table's rows; totals are not among them, for a reader can sum."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([plain(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()
