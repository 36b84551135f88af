"""Roll-up: runs a meter's declared SQL in DuckDB over raw readings, from memory or from Parquet parts (common.md 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "640MB"
BLOCK_READINGS = 2_000_000
"""About how many readings are worked on at a time, whole resources each: over all at once, dropping doubles takes gigabytes."""
RawRow = tuple[str, int, int | None, str, int | None]
"""(resource, microseconds UTC, quantity in base units, quality, end in microseconds UTC of an interval)."""
DayBounds = tuple[date, int, int]
"""(local day, start and end in microseconds UTC)."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which resources are rolled up: those named, or with `others` all but those named."""

    resources: Collection[str] = ()
    others: bool = True


_TOUCHING = "SELECT * FROM kept WHERE at_us < {last} AND (end_us > {first} OR (end_us IS NULL AND at_us >= {first}))"
"""What has an end, or an instant alone: its neighbours say nothing of it."""
_WITH_NEIGHBOURS = """
SELECT * FROM kept WHERE at_us >= {first} AND at_us < {last}
UNION ALL
(SELECT * FROM kept WHERE at_us < {first} QUALIFY at_us = max(at_us) OVER (PARTITION BY resource))
UNION ALL
(SELECT * FROM kept WHERE at_us >= {last} QUALIFY at_us = min(at_us) OVER (PARTITION BY resource))
"""
"""All readings of the days, and each resource's last ones before and first ones after, conflicts and all; bounds as numbers let DuckDB pass over row groups."""
_NAMES = "CREATE OR REPLACE TABLE names AS SELECT resource, row_number() OVER (ORDER BY resource)::INTEGER AS r FROM (SELECT DISTINCT resource FROM {source}) WHERE {choice}"
_READINGS = "CREATE OR REPLACE TABLE readings AS SELECT r, at_us, quantity, quality, end_us FROM wanted JOIN names USING (resource)"


def roll_up(
    prepare: Sequence[str], statements: Sequence[str], days: Sequence[DayBounds], *, rows: Iterable[RawRow] = (), parts: Sequence[Path] = (), neighbours: bool = True, chosen: Chosen = Chosen(),
) -> list[list[tuple[Any, ...]]]:  # fmt: skip
    """The rows that each statement gives over the readings of one meter, in blocks of resources, in their order; `prepare` is run before them on each block.

    `parts` are Parquet files of raw readings, of the days and their neighbours; `neighbours` for gauges and counters, which hold or rise from one reading to the next.
    """
    import duckdb  # 0.1 s, and most commands that read costs roll nothing up

    found: list[list[tuple[Any, ...]]] = [[] for _ in statements]
    wanted = (_WITH_NEIGHBOURS if neighbours else _TOUCHING).format(first=min(day[1] for day in days), last=max(day[2] for day in days))
    with duckdb.connect() as connection:
        _prepare(connection, days, rows, parts, chosen)
        choice = _choice(chosen)
        for first, last in _blocks(connection, choice):
            connection.execute("CREATE OR REPLACE TEMP VIEW kept AS SELECT resource, at_us, quantity, quality, end_us FROM given "
                               f"WHERE resource BETWEEN {_quoted(first)} AND {_quoted(last)}")  # fmt: skip
            connection.execute(f"CREATE OR REPLACE TEMP VIEW wanted AS {wanted}")
            connection.execute(_NAMES.format(source="kept" if neighbours else "wanted", choice=choice))
            connection.execute(_READINGS)
            for statement in prepare:
                connection.execute(statement)
            for number, statement in enumerate(statements):
                found[number] += connection.execute(statement).fetchall()
    return found


def _prepare(connection: duckdb.DuckDBPyConnection, days: Sequence[DayBounds], rows: Iterable[RawRow], parts: Sequence[Path], chosen: Chosen) -> None:
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("CREATE TABLE days (day DATE, start_us BIGINT, end_us BIGINT)")
    connection.executemany("INSERT INTO days VALUES (?, ?, ?)", [list(day) for day in days])
    connection.execute("CREATE TABLE chosen (resource VARCHAR)")
    if chosen.resources:
        connection.execute("INSERT INTO chosen SELECT unnest($1::VARCHAR[])", [sorted(chosen.resources)])
    connection.execute("CREATE TABLE in_memory (resource VARCHAR, at_us BIGINT, quantity HUGEINT, quality VARCHAR, end_us BIGINT)")
    held = list(rows)
    if held:
        columns = [list(column) for column in zip(*held, strict=True)]
        connection.execute(
            "INSERT INTO in_memory SELECT unnest($1::VARCHAR[]), unnest($2::BIGINT[]), unnest($3::HUGEINT[]), unnest($4::VARCHAR[]), unnest($5::BIGINT[])",
            columns,
        )
    files = ", ".join(_quoted(str(part)) for part in parts)
    stored = f"SELECT resource, at_us, quantity, quality, end_us FROM read_parquet([{files}])"
    given = [*(["SELECT * FROM in_memory"] if held or not parts else []), *([stored] if parts else [])]
    connection.execute(f"CREATE TEMP VIEW given AS {' UNION ALL '.join(given)}")


def _blocks(connection: duckdb.DuckDBPyConnection, choice: str) -> Iterator[tuple[str, str]]:
    """(first, last) resource of each block, in order; a block ends when it holds enough readings of those chosen."""
    counted = connection.execute(f"SELECT resource, count(*) FROM given GROUP BY resource HAVING {choice} ORDER BY resource").fetchall()
    first, held = None, 0
    for number, (resource, count) in enumerate(counted):
        first, held = first if first is not None else resource, held + count
        if held >= BLOCK_READINGS or number == len(counted) - 1:
            yield first, resource
            first, held = None, 0


def _choice(chosen: Chosen) -> str:
    if not chosen.resources:
        return "true" if chosen.others else "false"
    return f"resource {'NOT ' if chosen.others else ''}IN (SELECT resource FROM chosen)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
