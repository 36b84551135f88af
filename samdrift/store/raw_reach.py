"""Raw reach: of a meter's parts those that a period rests on, so that work and digests do not grow with the years that are kept (costs.md M2, 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Dated = tuple[date, Path]
"""(local day of a part, where it lies)."""


def reaching(parts: Iterable[Dated], first: date, last: date) -> list[Path]:
    """The parts of the local days [first, last], and of the days before and after the nearest that holds each resource.

    Parts of one day stay together, for an instant's conflicts lie in one day. A part that cannot be read is among them: whoever proves
    the parts names it.
    """
    ordered = sorted(parts)
    before = [each for each in ordered if each[0] < first]
    after = [each for each in ordered if each[0] > last]
    inside = [path for day, path in ordered if first <= day <= last]
    return sorted([*_nearest(reversed(before)), *inside, *_nearest(after)])


def _nearest(parts: Iterable[Dated]) -> Iterator[Path]:
    """Of days in order of nearness, the parts of each day that knows a resource which no nearer day knows."""
    seen: set[str] = set()
    for _, day in groupby(parts, key=lambda each: each[0]):
        paths = [path for _, path in day]
        found = [_resources(path) for path in paths]
        if any(names is None or names - seen for names in found):
            yield from paths
        seen |= set().union(*(names or () for names in found))


def _resources(path: Path) -> set[str] | None:
    """The resources of a part, read from that column's dictionaries alone; None when it is no part."""
    try:
        with pq.ParquetFile(path, read_dictionary=["resource"]) as opened:
            return set(opened.read(columns=["resource"])["resource"].unique().to_pylist())
    except (OSError, pa.ArrowException, KeyError):
        return None


def with_days(paths: Sequence[Path]) -> list[Dated]:
    """Parts with the day that their folder is named after."""
    return [(date.fromisoformat(path.parent.name), path) for path in paths]
