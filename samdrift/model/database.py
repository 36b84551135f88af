"""Database: what a dump is compared by, counted and digested in the dump's own transaction (backup.md B8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

DumpKind = Literal["postgres", "command"]

SETTINGS: tuple[str, ...] = (
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL row_security = off",
)
"""What a row's text hangs on: the same before every digest, at the source and in a drill. Inside a transaction; row_security off errs where rows would be hidden."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table as the dump's transaction saw it: how many rows, and a digest of them all that their order does not change."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class DumpFacts:
    """One dump: where it lies in its snapshot, SHA-256 and bytes of the whole stream, and what stood in the compared tables. `failure` says why there is none."""

    name: str
    path: str
    kind: DumpKind
    snapshot: str | None = None
    size_bytes: int = 0
    sha256: str = ""
    tables: tuple[TableFacts, ...] = ()
    server: str = ""
    failure: str = ""

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> DumpFacts:
        """From `to_json`; KeyError, TypeError or ValueError when it is something else."""
        values = dict(found)
        values["tables"] = tuple(TableFacts(**one) for one in values.get("tables", ()))
        return cls(**values)


def dump_path(kind: DumpKind, name: str) -> str:
    """Where a dump lies in its snapshot and below a restored folder.

    >>> dump_path("postgres", "asynja")
    '/samdrift/postgres/asynja.dump'
    """
    return f"/samdrift/{kind}/{name}.dump" if kind == "postgres" else f"/samdrift/{kind}/{name}"


def quoted(table: str) -> str:
    """A table's name, with or without its schema, as SQL.

    >>> quoted('vard.journal')
    '"vard"."journal"'
    """
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


DIGEST = (
    "SELECT count(*) || '|' || md5(count(*) || ':' || coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0)"
    " || ':' || coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)) FROM (SELECT md5(t::text) AS h FROM TABLE AS t) AS hashed"
)


def digest_sql(table: str) -> str:
    """The query whose one row is `rows|digest`: both halves of each row's MD5 are summed, so that neither order nor physical place counts.

    PostgreSQL's own hash functions may change between versions; MD5 of the row's text does not. MD5 guards against a wrong restore here, not against forgers.
    """
    return DIGEST.replace("TABLE", quoted(table))


def table_facts(table: str, row: str) -> TableFacts:
    """What `digest_sql` gave, read; ValueError when it is something else.

    >>> table_facts("journal", "3|900150983cd24fb0d6963f7d28e17f72").rows
    3
    """
    rows, bar, digest = row.strip().partition("|")
    if not bar or not rows.isdigit() or len(digest) != 32:
        raise ValueError(f"{row!r} is no count and digest of {table}")
    return TableFacts(table, int(rows), digest)


def differing(expected: Sequence[TableFacts], found: Sequence[TableFacts]) -> tuple[str, ...]:
    """The tables whose rows are not those of the source, each with what was expected and found."""
    there = {one.table: one for one in found}
    lines = []
    for one in expected:
        other = there.get(one.table)
        if other is None:
            lines.append(f"{one.table}: not there")
        elif other != one:
            lines.append(f"{one.table}: {other.rows} rows of {one.rows}" if other.rows != one.rows else f"{one.table}: {one.rows} rows, other content")
    return tuple(lines)
