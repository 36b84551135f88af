"""One Parquet part of raw readings: its columns, its bytes, written whole or not at all (costs.md M9)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from samdrift.model.chain import digest
from samdrift.model.period import microseconds
from samdrift.model.reading import Reading
from samdrift.store.keys import sync_folder

SCHEMA = pa.schema(
    [
        pa.field("resource", pa.string(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("end_us", pa.int64()),
        pa.field("quantity", pa.int64()),
        pa.field("quality", pa.string(), nullable=False),
        pa.field("member", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ]
)
"""Quantities are 64 bits here; sums over them are taken as HUGEINT or DECIMAL(38,0), for DuckDB writes a HUGEINT as DOUBLE."""
LARGEST = 2**63 - 1


class Row(NamedTuple):
    """A reading as it lies in a part; `end_us` is set for an interval alone. Rows sort to the part's one order."""

    resource: str
    at_us: int
    end_us: int | None
    quantity: int | None
    quality: str
    member: str
    source: str

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two readings the same one (M6): resource, instant, value and quality, not who brought it."""
        return self[:5]

    @property
    def instant(self) -> tuple[str, int, int | None]:
        """Where only one value can be true."""
        return self[:3]


def row_of(reading: Reading) -> Row:
    """The row of a reading; ValueError when it has no instant or does not fit."""
    begin = reading.at or reading.start
    if begin is None or (reading.at is None) != (reading.end is not None):
        raise ValueError(f"{reading.meter} of {reading.resource}: a reading has an instant, or a start and an end")
    if reading.quantity is not None and abs(reading.quantity) > LARGEST:
        raise ValueError(f"{reading.meter} of {reading.resource}: {reading.quantity} is over 64 bits")
    end = None if reading.end is None else microseconds(reading.end)
    return Row(reading.resource, microseconds(begin), end, reading.quantity, reading.quality.value, reading.member, reading.source)


def begin_of(reading: Reading) -> datetime:
    """The instant that decides a reading's local day."""
    begin = reading.at or reading.start
    assert begin is not None
    return begin


def part_bytes(rows: Sequence[Row]) -> bytes:
    """The same rows give the same bytes, in whatever order they came."""
    ordered = sorted(rows, key=lambda row: tuple((value is not None, value) for value in row))
    columns = [pa.array([row[index] for row in ordered], field.type) for index, field in enumerate(SCHEMA)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), sink, compression="zstd", store_schema=False)
    return bytes(sink.getvalue())


def read_part(path: Path) -> list[Row]:
    """The rows of a part; OSError when it is not there or is no part."""
    columns = pq.read_table(path, schema=SCHEMA).to_pydict()
    return [Row(*values) for values in zip(*(columns[field.name] for field in SCHEMA), strict=True)]


def newest_rows(path: Path, *, by_end: bool = False) -> list[tuple[str, int]]:
    """(member, microseconds of its newest row) of a part, worked out on its columns: a day of minutes is millions of rows."""
    import pyarrow.compute as pc  # used by the hourly collection alone

    table = pq.read_table(path, columns=["member", "at_us", "end_us"])
    instants = pc.coalesce(table["end_us"], table["at_us"]) if by_end else table["at_us"]
    grouped = pa.table({"member": table["member"], "instant": instants}).group_by("member").aggregate([("instant", "max")]).to_pydict()
    return list(zip(grouped["member"], grouped["instant_max"], strict=True))


def write_part(folder: Path, content: bytes) -> Path:
    """Write a part under the name of its digest: beside it, synced, renamed, the folder synced."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{digest(content)[:24]}.parquet"
    scratch = folder / f".{target.name}.new"
    try:
        descriptor = os.open(scratch, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)
        scratch.replace(target)
        sync_folder(folder)
    except OSError:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise
    return target
