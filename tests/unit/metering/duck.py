"""Runs the roll-up's SQL in DuckDB's memory, as the store does on Parquet."""

import duckdb

from samdrift.metering.rollup_sql import counts_sql, daily_sql, gaps_sql, prepare_sql


def connect(meter, readings, days):
    """`readings` are (resource, at_us, quantity, quality[, end_us]), `days` (date, start_us, end_us)."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE given (resource VARCHAR, at_us BIGINT, quantity HUGEINT, quality VARCHAR, end_us BIGINT)")
    connection.execute("CREATE TABLE days (day DATE, start_us BIGINT, end_us BIGINT)")
    if readings:
        connection.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?)", [(*reading, None)[:5] for reading in readings])
    connection.executemany("INSERT INTO days VALUES (?, ?, ?)", days)
    connection.execute("CREATE TABLE names AS SELECT resource, row_number() OVER (ORDER BY resource)::INTEGER AS r FROM (SELECT DISTINCT resource FROM given)")
    connection.execute("CREATE TABLE readings AS SELECT * EXCLUDE resource FROM given JOIN names USING (resource)")
    for statement in prepare_sql(meter):
        connection.execute(statement)
    return connection


def daily(meter, readings, days):
    return connect(meter, readings, days).execute(daily_sql(meter)).fetchall()


def counts(meter, readings, days):
    return connect(meter, readings, days).execute(counts_sql(meter)).fetchall()


def gaps(meter, readings, days):
    return connect(meter, readings, days).execute(gaps_sql(meter)).fetchall()
