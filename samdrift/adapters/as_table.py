"""AS table: which autonomous systems announce the prefixes that some addresses lie in, from a dated local file (dns.md 2.2, delegation-diversity)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton

from samdrift.adapters.limits import SIZES
from samdrift.model.dns.view import Origins
from samdrift.model.errors import WrongUse

FORM = "a comment with the table's date (# 2026-11-01), then lines like `192.0.2.0/24 64500` or, as CAIDA's, `192.0.2.0 24 64500`"
DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
SYSTEMS = re.compile(r"(?:AS)?\d{1,10}(?:[_,](?:AS)?\d{1,10})*")
MOST_COLUMNS = 3


def read_origins(path: Path, addresses: Iterable[str]) -> Origins:
    """The origins of the addresses by the table in a file, read line by line; WrongUse in one line when it cannot be read or is none."""
    try:
        if path.stat().st_size > SIZES["as-table"]:
            raise WrongUse(f"the AS table {path} is larger than {SIZES['as-table']} bytes", help=FORM)
        with path.open("rb") as lines:
            return origins_in(lines, str(path), addresses)
    except OSError as error:
        raise WrongUse(f"cannot read the AS table {path}: {(error.strerror or str(error)).lower()}", help="--as-table FILE with " + FORM) from None


def origins_in(lines: Iterable[bytes], name: str, addresses: Iterable[str]) -> Origins:
    """The origins of the addresses by a table's lines: those of the longest prefix that each lies in; none for one that no prefix holds.

    WrongUse names the line that is none. Only the addresses asked for are kept, however large the table.

    >>> origins_in([b"# 2026-11-01", b"192.0.2.0/24 64500", b"192.0.2.128/25 64501_64502"], "x", ["192.0.2.1", "192.0.2.200", "198.51.100.1"]).of
    (('192.0.2.1', (64500,)), ('192.0.2.200', (64501, 64502)), ('198.51.100.1', ()))
    """
    wanted = sorted(set(addresses))
    numbers = {version: sorted((int(ip_address(one)), one) for one in wanted if ip_address(one).version == version) for version in (4, 6)}
    best: dict[str, tuple[int, tuple[int, ...]]] = {}
    dated: date | None = None
    for number, line in enumerate(lines, 1):
        text = line.decode("ascii", "replace").strip()
        if not text or text[0] in "#;":
            dated = dated or _date(text)
            continue
        try:
            version, low, length, systems = _row(text)
        except (ValueError, OSError):
            raise WrongUse(f"{name}:{number}: no line of an AS table: {text[:80]!r}", help=FORM) from None
        held, span = numbers[version], 1 << ((32 if version == 4 else 128) - length)
        for _, one in held[bisect_left(held, (low, "")) : bisect_right(held, (low + span - 1, "~"))]:
            if one not in best or length > best[one][0]:
                best[one] = (length, systems)
            elif length == best[one][0]:
                best[one] = (length, tuple(sorted({*best[one][1], *systems})))
    if dated is None:
        raise WrongUse(f"the AS table {name} does not say of which day it is", help=FORM)
    return Origins(dated, tuple((one, best[one][1] if one in best else ()) for one in wanted))


def _date(text: str) -> date | None:
    found = DATE.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _row(text: str) -> tuple[int, int, int, tuple[int, ...]]:
    """(4 or 6, the first address as a number, prefix length, systems) of a line; ValueError or OSError when it is none."""
    words = text.replace("/", " ", 1).split()
    if len(words) != MOST_COLUMNS or not SYSTEMS.fullmatch(words[2]):
        raise ValueError(text)
    version, octets = (6, inet_pton(AF_INET6, words[0])) if ":" in words[0] else (4, inet_pton(AF_INET, words[0]))
    length, low = int(words[1]), int.from_bytes(octets, "big")
    if not 0 <= length <= len(octets) * 8 or low & ((1 << (len(octets) * 8 - length)) - 1):
        raise ValueError(text)
    return version, low, length, tuple(sorted({int(one.removeprefix("AS")) for one in re.split("[_,]", words[2])}))
