"""SQL script: what pg_dumpall and pg_restore write, taken apart into statements, so that only what lacks is made (backup.md B8)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_NAME = r'(?P<name>"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)'
_OF_ROLE = re.compile(rf"\s*(?:CREATE ROLE|ALTER ROLE|COMMENT ON ROLE|SECURITY LABEL .* ON ROLE) {_NAME}", re.DOTALL)
_MEMBERSHIP = re.compile(rf'\s*GRANT (?:"(?:[^"]|"")+"|[A-Za-z0-9_$]+) TO {_NAME}', re.DOTALL)
_DATABASE = re.compile(rf"\bDATABASE {_NAME}")
_PIECE = re.compile(r"""\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|^\\[^\n]*|;|[^'"\-;\\eE]+|.""", re.DOTALL | re.MULTILINE)


def statements(script: str) -> Iterator[str]:
    r"""The statements, without comments and psql's own commands; a semicolon inside a quoted text or name ends none.

    >>> list(statements("-- one; two\nCREATE ROLE a;\nCOMMENT ON ROLE a IS 'x;y';\n"))
    ['CREATE ROLE a', "COMMENT ON ROLE a IS 'x;y'"]
    """
    kept: list[str] = []
    for piece in _PIECE.findall(script):
        if piece == ";":
            yield "".join(kept).strip()
            kept = []
        elif not piece.startswith(("--", "\\")):
            kept.append(piece)


def name_of(quoted: str) -> str:
    """The name that an identifier of a script stands for.

    >>> name_of('"we;ird"'), name_of("reader")
    ('we;ird', 'reader')
    """
    return quoted[1:-1].replace('""', '"') if quoted.startswith('"') else quoted


def for_new_roles(script: str, present: Collection[str]) -> tuple[str, ...]:
    r"""The statements of a roles' script that concern roles which the cluster has not: those that are there keep password, rights and settings.

    >>> for_new_roles("CREATE ROLE postgres;\nALTER ROLE postgres WITH LOGIN;\nCREATE ROLE reader;\nGRANT staff TO reader GRANTED BY postgres;", {"postgres"})
    ('CREATE ROLE reader', 'GRANT staff TO reader GRANTED BY postgres')
    """
    found = []
    for statement in statements(script):
        match = _OF_ROLE.match(statement) or _MEMBERSHIP.match(statement)
        if match and name_of(match["name"]) not in present:
            found.append(statement)
    return tuple(found)


def for_database(script: str, name: str) -> tuple[str, ...]:
    r"""The statements that make a database and set what belongs to it as a whole, for a database of another name (already an identifier).

    >>> for_database("CREATE DATABASE koha WITH TEMPLATE = template0;\nALTER DATABASE koha OWNER TO bib;\nSET x = 1;", "other")
    ('CREATE DATABASE other WITH TEMPLATE = template0', 'ALTER DATABASE other OWNER TO bib')
    """
    return tuple(_DATABASE.sub(lambda _: f"DATABASE {name}", statement, count=1) for statement in statements(script) if _DATABASE.search(statement))
