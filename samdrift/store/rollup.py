"""Roll-up: runs a meter's declared SQL in DuckDB over raw readings, from memory or from Parquet parts (common.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

MEMORY_LIMIT = "768MB"
RawRow = tuple[str, int, int | None, str]
"""(resource, microseconds UTC, quantity in base units, quality)."""
DayBounds = tuple[date, int, int]
"""(local day, start and end in microseconds UTC)."""

_FROM_PARTS = """
INSERT INTO readings
WITH period AS (SELECT min(start_us) AS start_us, max(end_us) AS end_us FROM days),
kept AS (SELECT resource, at_us, quantity::HUGEINT AS quantity, quality FROM read_parquet($files))
SELECT kept.* FROM kept, period WHERE at_us >= start_us AND at_us < end_us
UNION ALL
(SELECT kept.* FROM kept, period WHERE at_us < start_us QUALIFY at_us = max(at_us) OVER (PARTITION BY resource))
UNION ALL
(SELECT kept.* FROM kept, period WHERE at_us >= end_us QUALIFY at_us = min(at_us) OVER (PARTITION BY resource))
"""
"""All readings of the days, and each resource's last ones before and first ones after, conflicts and all."""


def roll_up(
    statements: Sequence[str], days: Sequence[DayBounds], *, rows: Iterable[RawRow] = (), parts: Sequence[Path] = ()
) -> list[list[tuple[Any, ...]]]:
    """The rows that each statement gives over the readings of one meter; `parts` are Parquet files with the same four columns, of the days and their neighbours."""
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("CREATE TABLE days (day DATE, start_us BIGINT, end_us BIGINT)")
        connection.executemany("INSERT INTO days VALUES (?, ?, ?)", [list(day) for day in days])
        connection.execute("CREATE TABLE readings (resource VARCHAR, at_us BIGINT, quantity HUGEINT, quality VARCHAR)")
        given = list(rows)
        if given:
            columns = [list(column) for column in zip(*given, strict=True)]
            connection.execute(
                "INSERT INTO readings SELECT unnest($1::VARCHAR[]), unnest($2::BIGINT[]), unnest($3::HUGEINT[]), unnest($4::VARCHAR[])",
                columns,
            )
        if parts:
            connection.execute(_FROM_PARTS, {"files": [str(part) for part in parts]})
        return [connection.execute(statement).fetchall() for statement in statements]
