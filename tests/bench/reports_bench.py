"""Ten members' monthly reports as PDF and workbook, of a month of 290 members; 290 in five minutes leaves 10.3 s for ten (costs.md 9)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Failed, Figure, command

SCRIPT = Path(__file__).parent / "member_reports.py"
FEW, MANY = 5, 10
LIMIT_S = 300 * MANY / 290


def figures(folder: Path) -> Iterator[Figure]:
    """Five and ten, so that twice the reports are seen to take at most twice the time and the start is told from the work."""
    first = f"{FEW} members, PDF and XLSX"
    for count in (FEW, MANY):
        what = f"{count} members, PDF and XLSX"
        try:
            timing = command([sys.executable, str(SCRIPT), str(count)], folder=folder)
            yield Figure("reports", what, timing, beside=None if count == FEW else first, limit_s=LIMIT_S if count == MANY else None)
        except Failed as error:
            yield Figure("reports", what, None, missing=str(error)[-250:])
