"""A store's backup file: a tar of plain rows, raw parts and keys with a digest over all of it; the same from either engine (reliability.md S5)."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Date, LargeBinary, Table

from samdrift.model.errors import WrongUse

SCHEMA = "samdrift/store-backup"
SEAL = b"sha256:%b\n"
SEAL_BYTES = 7 + 64 + 1
BLOCK = 2**20
HEAD = "head.json"
LARGEST_ENTRY = 2**31
"""Bytes of one entry that a restore takes; a table of that size is cut into several."""
ROWS_PER_ENTRY = 20_000


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says of itself, first: the schema's version, when it was made (RFC 3339), rows by table."""

    schema_version: str
    made_at: str
    rows: dict[str, int] = field(default_factory=dict)


class Sealed(io.RawIOBase):
    """A stream that digests what is written through it."""

    def __init__(self, under: IO[bytes]) -> None:
        self._under = under
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._digest.update(content)
        return self._under.write(content)

    def seal(self) -> bytes:
        """The file's last line."""
        return SEAL % self._digest.hexdigest().encode()


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """One entry, the same bytes whoever writes it and when."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def encode_rows(rows: Sequence[Any]) -> bytes:
    """Rows as lines of JSON arrays in the table's order of columns; bytes as base64, days as text."""
    return b"".join(json.dumps([_out(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)


def _out(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, date) else value


def decode_rows(table: Table, content: bytes) -> list[dict[str, Any]]:
    """The rows of an entry; ValueError when they are not of this table."""
    columns = list(table.c)
    found = []
    for line in content.splitlines():
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(columns):
            raise ValueError(f"a row of {table.name} has not {len(columns)} values")
        found.append({column.name: _in(column.type, value) for column, value in zip(columns, values, strict=True)})
    return found


def _in(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


@contextmanager
def opened(path: Path) -> Iterator[tuple[Head, tarfile.TarFile]]:
    """The head and the archive of a backup file whose every byte is as it was written; WrongUse says what it is not."""
    try:
        _require_seal(path)
        with tarfile.open(path, "r:") as archive:
            yield _head(archive), archive
    except OSError as error:
        raise WrongUse(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
        raise WrongUse(f"{path} is no backup of a store: {error}", help="take another copy; this one is not restored in part") from error


def _require_seal(path: Path) -> None:
    found = hashlib.sha256()
    left = path.stat().st_size - SEAL_BYTES
    with path.open("rb") as stream:
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            found.update(block)
            left -= len(block)
        if stream.read() != SEAL % found.hexdigest().encode():
            raise ValueError("its digest is not that of its content")


def _head(archive: tarfile.TarFile) -> Head:
    first = archive.next()
    if first is None or first.name != HEAD:
        raise ValueError("it has no head")
    found = json.loads(content(archive, first))
    if found["schema"] != SCHEMA or found["version"] != 1:
        raise ValueError("another schema or version")
    return Head(str(found["schema_version"]), str(found["made_at"]), {str(name): int(number) for name, number in found["rows"].items()})


def content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    """The bytes of one regular entry with a plain relative name; ValueError for anything else."""
    place = PurePosixPath(entry.name)
    if not entry.isreg() or place.is_absolute() or ".." in place.parts or entry.size > LARGEST_ENTRY:
        raise ValueError(f"the entry {entry.name!r} is not one that a store writes")
    stream = archive.extractfile(entry)
    assert stream is not None
    return stream.read()
