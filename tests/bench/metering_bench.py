"""The metering of eleven members' month: 98 million raw readings to usage, gaps, doubles and late samples and all (costs.md 9)."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from sqlalchemy import insert

from samdrift.model.period import Month, local_midnight, microseconds
from samdrift.operations.open_store import open_store
from samdrift.store.tables.reading import reading_part
from tests.bench.measure import Figure, command

MONTH = Month(2026, 10)
RESOURCES, STEP_S = 2194, 60
"""2,194 resources each minute of a month of 745 hours: 98.1 million readings."""
ROOT = Path(__file__).resolve().parents[2]


def generate(state: Path, resources: int) -> int:
    """Raw parts of a counter, a resource a device of the members: a double each 1,000th reading, a reading in 500 lost, resets declared nowhere."""
    with open_store(str(state), create=True) as store:
        folder = store.state_dir / "raw" / "energy-it"
        rows, connection = [], duckdb.connect()
        connection.execute("SET memory_limit = '1GB'")
        for day in MONTH.days():
            start, end = microseconds(local_midnight(day)), microseconds(local_midnight(day.fromordinal(day.toordinal() + 1)))
            (folder / day.isoformat()).mkdir(parents=True)
            path = folder / day.isoformat() / "0.parquet"
            connection.execute(f"""
                COPY (
                  SELECT 'dev-' || lpad(r::VARCHAR, 5, '0') AS resource, {start} + t * {STEP_S}000000 AS at_us, NULL::BIGINT AS end_us,
                         (({start} // 1000000 + t * {STEP_S}) * (20 + r % 7) // 60)::BIGINT AS quantity, 'measured' AS quality, 'are' AS member, 'bench' AS source
                  FROM range({resources}) resources(r), range({(end - start) // 1_000_000 // STEP_S}) steps(t), range(CASE WHEN hash(r * 100003 + t) % 1000 = 0 THEN 2 ELSE 1 END) doubled(d)
                  WHERE hash(r * 7 + t * 13) % 500 <> 0 ORDER BY resource, at_us
                ) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)""")
            data = path.read_bytes()
            count = connection.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()
            rows.append({"path": f"energy-it/{day}/0.parquet", "meter": "energy-it", "day": day, "sha256": hashlib.sha256(data).hexdigest(), "rows": count[0], "size_bytes": len(data), "written_at": datetime.now(UTC)})
        with store.write() as writing:
            writing.execute(insert(reading_part), rows)
    return sum(row["rows"] for row in rows)


def figures(folder: Path) -> Iterable[Figure]:
    """The whole month, and half of it: twice the readings must not cost more than 2.2 times."""
    half = ""
    for name, resources in (("half", RESOURCES // 2), ("whole", RESOURCES)):
        state = folder / name
        what = f"{generate(state, resources):,} raw readings to a month's usage"
        line = [sys.executable, "-m", "samdrift.cli", "usage", "show", "--month", str(MONTH), "--store", str(state), "--inventory", str(ROOT / "inventory"), "--output", "csv"]
        yield Figure("metering", what, command(line, runs=1), beside=half or None, limit_s=60)
        half = what
