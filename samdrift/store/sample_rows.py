"""Sample rows: the raw readings behind a quantity, each with its file, its row and the file's sha256 (costs.md 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection

from samdrift.model.period import Month, from_microseconds, local_day
from samdrift.store.raw import place_of


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One reading as it lies in its part; `row` counts from 0, `quantity` is in base units (millionths for events and intervals)."""

    meter: str
    resource: str
    at: datetime
    quantity: int | None
    quality: str
    file: str
    row: int
    sha256: str


def sample_rows(
    connection: Connection, parts: Mapping[str, tuple[str, str]], resources: Mapping[str, Collection[date]], meters: Collection[str], month: Month, *, limit: int
) -> tuple[tuple[SampleRow, ...], int]:
    """(the first `limit` samples in order of meter, file and row; how many there are) of the resources' own days of the month.

    `parts` is path → (meter, sha256) as the manifest or a close has them.
    """
    found: list[SampleRow] = []
    total = 0
    wanted = pa.array(sorted(resources), pa.string())
    for path, (meter, sha256) in sorted(parts.items()):
        if meter not in meters or f"/{month}-" not in path:
            continue
        table = pq.read_table(place_of(connection, path), columns=["resource", "at_us", "quantity", "quality"])
        rows = pc.indices_nonzero(pc.is_in(table.column("resource"), value_set=wanted))
        for row, each in zip(rows.to_pylist(), table.take(rows).to_pylist(), strict=True):
            at = from_microseconds(each["at_us"])
            if local_day(at) in resources[each["resource"]]:
                total += 1
                if len(found) < limit:
                    found.append(SampleRow(meter, each["resource"], at, each["quantity"], each["quality"], path, row, sha256))
    return tuple(found), total
