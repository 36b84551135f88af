"""Parquet: typed columns to bytes; amounts are DECIMAL, never DOUBLE (costs.md 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from samdrift.model.money import half_away_from_zero

ParquetKind = Literal["text", "cost", "quantity", "instant"]
PLACES: Mapping[ParquetKind, int] = {"cost": 2, "quantity": 10}
TYPES: Mapping[ParquetKind, pa.DataType] = {
    "text": pa.string(),
    "cost": pa.decimal128(38, PLACES["cost"]),
    "quantity": pa.decimal128(38, PLACES["quantity"]),
    "instant": pa.timestamp("us", tz="UTC"),
}


def parquet_table(columns: Mapping[str, ParquetKind], rows: Sequence[Sequence[str | int | Fraction | datetime | None]]) -> bytes:
    """The rows as one Parquet file, in their order. `cost` cells are integer öre and lie there in kronor; the same rows give the same bytes."""
    schema = pa.schema([pa.field(name, TYPES[kind]) for name, kind in columns.items()])
    kinds = tuple(columns.values())
    arrays = [pa.array([_cell(row[index], kind) for row in rows], TYPES[kind]) for index, kind in enumerate(kinds)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd", store_schema=False)
    return bytes(sink.getvalue())


def _cell(value: str | int | Fraction | datetime | None, kind: ParquetKind) -> str | Decimal | datetime | None:
    if isinstance(value, int | Fraction):
        number = Fraction(value, 100) if kind == "cost" else Fraction(value)
        return Decimal(f"{half_away_from_zero(number * 10 ** PLACES[kind])}E-{PLACES[kind]}")  # the constructor is exact at any length
    return value
