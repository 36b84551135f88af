"""The committed month of readings is what its script writes, and lies whole inside what the inventory knows."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

DATA = Path(__file__).parent / "data"
FILE = DATA / "readings-2026-10.csv"


def rows():
    with FILE.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_committed_readings_are_what_the_script_writes():
    ended = subprocess.run([sys.executable, str(DATA / "make_readings.py"), "--check"], timeout=60, check=False)

    assert ended.returncode == 0, "run: python tests/acceptance/data/make_readings.py"


def test_one_sample_of_one_repository_is_missing_and_no_other():
    longest = {"backup-volume": timedelta(hours=26), "energy-it": timedelta(hours=2)}
    previous: dict[tuple[str, str], datetime] = {}
    gaps = []
    for row in rows():
        key, at = (row["meter"], row["resource"]), datetime.fromisoformat(row["at"])
        if key in previous and at - previous[key] > longest[row["meter"]]:
            gaps.append((row["resource"], str((at - previous[key]).days)))
        previous[key] = at

    assert [resource for resource, _ in gaps] == ["bracke/asynja-bracke"]


def test_counters_never_fall():
    last: Counter[str] = Counter()
    for row in rows():
        if row["meter"] == "energy-it":
            assert int(row["value"]) >= last[row["resource"]], row
            last[row["resource"]] = int(row["value"])
