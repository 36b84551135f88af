"""A month's split by the agreement from the committed readings, and from twice and ten times as many (2 x the input: at most 2.5 x the time)."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tests.bench.measure import Failed, Figure, command

ROOT = Path(__file__).resolve().parents[2]
SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
READINGS = ROOT / "tests" / "acceptance" / "data" / "readings-2026-10.csv"


def denser(path: Path, times: int) -> tuple[Path, int]:
    """The committed readings with `times` - 1 samples more between each two, values between theirs; and how many rows."""
    with READINGS.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    written = 0
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        following: dict[tuple[str, str], dict[str, str]] = {}
        for row in reversed(rows):
            writer.writerow(row)
            written += 1
            later = following.get((row["meter"], row["resource"]))
            following[row["meter"], row["resource"]] = row
            if later is None:
                continue
            begin, end = datetime.fromisoformat(row["at"]), datetime.fromisoformat(later["at"])
            first, last = int(row["value"]), int(later["value"])
            for step in range(1, times):
                between = {
                    **row,
                    "at": (begin + (end - begin) * step / times).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "value": str(first + (last - first) * step // times),
                }
                writer.writerow(between)
                written += 1
    return path, written


def figures(folder: Path) -> Iterator[Figure]:
    single = ""
    for times in (1, 2, 10):
        readings, rows = denser(folder / f"readings-{times}.csv", times)
        line = [SAMDRIFT, "cost", "preview", "--month", "2026-10", "--readings", str(readings), "--output", "json"]
        what = f"samdrift cost preview, {rows} readings"
        single = single or what
        try:
            yield Figure(
                "allocation",
                what,
                command(line, folder=ROOT, accepted=(0, 1)),
                beside=None if what == single else single,
            )
        except Failed as error:
            yield Figure("allocation", what, None, missing=str(error)[-250:])
