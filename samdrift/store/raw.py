"""Raw readings: append-only Parquet parts by meter and local day, with a manifest that says what they held (costs.md M6, M9)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from samdrift.model.period import from_microseconds, local_day
from samdrift.model.reading import Quality, Reading
from samdrift.model.viewer import Viewer
from samdrift.store.raw_part import Row, begin_of, newest_rows, part_bytes, read_part, row_of, write_part
from samdrift.store.tables.reading import reading_part

FUTURE = timedelta(minutes=5)
"""Readings further ahead than this are set aside (M6)."""
_ADVISORY = 7_236_002
"""PostgreSQL's advisory lock of whoever adds readings: one at a time."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of readings: each is accepted, a duplicate or set aside; a conflict is accepted and counted besides."""

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    set_aside: int = 0


def append(connection: Connection, readings: Iterable[Reading], *, at: datetime) -> Appended:
    """Add readings in the caller's transaction; the same one counts once, another value at its instant is kept beside it.

    The same call again accepts 0. `at` is the instant of the work. ValueError for a reading without an instant or over 64 bits;
    an OSError of the disk leaves nothing that counts, for only the manifest counts.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})
    days: dict[tuple[str, date], list[Row]] = defaultdict(list)
    set_aside = 0
    for reading in readings:
        if begin_of(reading) > at + FUTURE:
            set_aside += 1
            continue
        days[(reading.meter, local_day(begin_of(reading)))].append(row_of(reading))
    counts = [_append_day(connection, meter, day, rows, at) for (meter, day), rows in sorted(days.items())]
    accepted, duplicates, conflicts = (sum(count[index] for count in counts) for index in range(3))
    return Appended(accepted, duplicates, conflicts, set_aside)


def _append_day(connection: Connection, meter: str, day: date, rows: list[Row], at: datetime) -> tuple[int, int, int]:
    """(accepted, duplicates, conflicts) of one meter's local day; one more part when anything is new."""
    folder = _root(connection) / meter / day.isoformat()
    kept = [path for path, _ in _manifest(connection, meter, [day])]
    _sweep(folder, {Path(path).name for path in kept})
    known = [row for path in kept for row in read_part(_root(connection) / path)]
    identities = {row.identity for row in known}
    values: dict[Any, set[int | None]] = defaultdict(set)
    for row in known:
        values[row.instant].add(row.quantity)
    new = []
    conflicts = 0
    for row in rows:
        if row.identity in identities:
            continue
        identities.add(row.identity)
        conflicts += bool(values[row.instant] - {row.quantity})
        values[row.instant].add(row.quantity)
        new.append(row)
    if new:
        content = part_bytes(new)
        path = write_part(folder, content)
        connection.execute(
            insert(reading_part).values(
                path=path.relative_to(_root(connection)).as_posix(), meter=meter, day=day, sha256=hashlib.sha256(content).hexdigest(), rows=len(new),
                size_bytes=len(content), written_at=at,
            )
        )  # fmt: skip
    return len(new), len(rows) - len(new), conflicts


def _sweep(folder: Path, kept: Collection[str]) -> None:
    """Take away what a killed run left: files that no manifest names. Writers come one at a time."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in kept:
                path.unlink()


def _root(connection: Connection) -> Path:
    return Path(connection.info["state_dir"]) / "raw"


def _manifest(connection: Connection, meter: str | None = None, days: Collection[date] | None = None) -> list[tuple[str, str]]:
    """(path, sha256) of the parts, by path."""
    query = select(reading_part.c.path, reading_part.c.sha256).order_by(reading_part.c.path)
    if meter is not None:
        query = query.where(reading_part.c.meter == meter)
    if days is not None:
        query = query.where(reading_part.c.day.in_(sorted(days)))
    return [(row.path, row.sha256) for row in connection.execute(query)]


def parts(connection: Connection, meter: str, *, first: date | None = None, last: date | None = None) -> list[Path]:
    """The parts of a meter's local days [first, last], by day and name."""
    query = select(reading_part.c.path).where(reading_part.c.meter == meter).order_by(reading_part.c.path)
    if first is not None:
        query = query.where(reading_part.c.day >= first)
    if last is not None:
        query = query.where(reading_part.c.day <= last)
    return [_root(connection) / row.path for row in connection.execute(query)]


def changed_parts(connection: Connection, meter: str | None = None, days: Collection[date] | None = None) -> list[str]:
    """The parts whose bytes are not those of the manifest, or that are gone (`raw-changed`), by path below raw/."""
    return [path for path, sha256 in _manifest(connection, meter, days) if _sha256(_root(connection) / path) != sha256]


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def part_count(connection: Connection) -> int:
    """How many parts the manifest names."""
    return len(_manifest(connection))


def digests(connection: Connection, days: Collection[date]) -> Mapping[str, str]:
    """Path → sha256 of every part of these days, for a close (C1)."""
    return dict(_manifest(connection, None, days))


def readings(connection: Connection, meter: str, *, viewer: Viewer, first: date, last: date) -> list[Reading]:
    """The readings of a meter's local days [first, last] as they were kept, conflicts and all, in order; a member's viewer gets those with its label."""
    rows = [row for path in parts(connection, meter, first=first, last=last) for row in read_part(path)]
    return [_reading(meter, row) for row in sorted(rows, key=lambda row: (row.at_us, row.resource, row.quality, row.quantity or 0)) if viewer.sees(row.member)]


def _reading(meter: str, row: Row) -> Reading:
    begin = from_microseconds(row.at_us)
    if row.end_us is None:
        return Reading(meter, row.resource, row.member, row.quantity, Quality(row.quality), row.source, at=begin)
    return Reading(meter, row.resource, row.member, row.quantity, Quality(row.quality), row.source, start=begin, end=from_microseconds(row.end_us))


def manifest(connection: Connection, *, first: date, last: date) -> dict[str, tuple[str, str]]:
    """Path → (meter, sha256) of every part of the local days [first, last]: what a close freezes and is computed anew from (C1, C2)."""
    query = select(reading_part).where(reading_part.c.day >= first, reading_part.c.day <= last)
    return {row.path: (row.meter, row.sha256) for row in connection.execute(query)}


def changed_among(connection: Connection, frozen: Mapping[str, str]) -> list[str]:
    """Those of the frozen parts (path → sha256) whose bytes are others now, or that are gone, by path."""
    return sorted(path for path, sha256 in frozen.items() if _sha256(_root(connection) / path) != sha256)


def place_of(connection: Connection, path: str) -> Path:
    """Where a part of the manifest lies."""
    return _root(connection) / path


def newest_at(connection: Connection, meter: str) -> datetime | None:
    """The instant of the newest reading of a meter, or None: where its collection goes on."""
    row = connection.execute(select(reading_part.c.day).where(reading_part.c.meter == meter).order_by(reading_part.c.day.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return from_microseconds(max(last for path in parts(connection, meter, first=row.day) for _, last in newest_rows(path)))


def newest_by_member(connection: Connection, meter: str, *, viewer: Viewer, first: date, last: date) -> dict[str, datetime]:
    """Label of a member → the end (or instant) of its newest reading in the local days [first, last]."""
    found: dict[str, int] = {}
    for path in parts(connection, meter, first=first, last=last):
        for member, at_us in newest_rows(path, by_end=True):
            found[member] = max(found.get(member, at_us), at_us)
    return {member: from_microseconds(at_us) for member, at_us in sorted(found.items()) if viewer.sees(member)}
