"""DNS zone file: a zone's records read from master-file form, each bad line told with its place (RFC 1035 5, dns.md D8, D13)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import BadName, Name, from_text, is_within, to_text
from samdrift.model.errors import WrongUse
from samdrift.model.outside_text import harmless

MOST_PROBLEMS = 20
"""Bad lines that are told; a file with more is hardly a zone file."""
DEFAULT_TTL = 3600
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|(?:[^\s"();\\]|\\.)+|[();]|"')


@dataclass(frozen=True, slots=True)
class _Line:
    """One logical line: its first line's number, whether it begins with a blank, and its words."""

    number: int
    indented: bool
    words: tuple[str, ...]


@dataclass(slots=True)
class _State:
    """What the lines before say: origin, TTL, last owner."""

    origin: Name
    ttl: int | None = None
    owner: Name | None = None


def read_zone_file(path: Path, zone: Name) -> tuple[Record, ...]:
    """The records of a zone's file; WrongUse names every line that is none, each with its place."""
    try:
        octets = read_file(path, limit_bytes=SIZES["inventory-data-file"])
    except OSError as error:
        raise WrongUse(f"cannot read the zone file {path}: {(error.strerror or str(error)).lower()}", help="--zonefile FILE in master-file form") from None
    return records_in(octets, str(path), zone)


def records_in(octets: bytes, name: str, zone: Name) -> tuple[Record, ...]:
    """The records in a zone file's octets; `name` is what errors call the file."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        raise WrongUse(f"{name} is no zone file: it is not text", help="a zone in master-file form") from None
    found: list[Record] = []
    problems: list[tuple[int, str]] = []
    state = _State(zone)
    for line in _lines(text, problems):
        try:
            record = _read(line, state, zone)
        except (BadName, ValueError, struct.error) as error:
            problems.append((line.number, " ".join(str(error).split())[:160] or type(error).__name__))
            continue
        if record is not None:
            found.append(record)
    if not problems and not any(record.type == types.SOA and record.owner == zone for record in found):
        problems.append((1, f"there is no SOA of {to_text(zone)}"))
    if problems:
        told = [f"{name}:{number}: {harmless(text)}" for number, text in sorted(problems)]
        more = f"\n… and {len(told) - MOST_PROBLEMS} more" if len(told) > MOST_PROBLEMS else ""
        raise WrongUse("\n".join(told[:MOST_PROBLEMS]) + more, help=f"a zone file of {to_text(zone)} in master-file form (RFC 1035 5)")
    return tuple(dict.fromkeys(found))


def _lines(text: str, problems: list[tuple[int, str]]) -> Iterator[_Line]:
    """Logical lines: brackets join, a semicolon begins a comment, quotes keep their words."""
    words: list[str] = []
    depth, first, indented = 0, 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if depth == 0:
            first, indented, words = number, line[:1] in {" ", "\t"}, []
        for word in _TOKEN.findall(line):
            if word == ";":
                break
            if word == '"':
                problems.append((number, "a quotation mark without its fellow"))
            elif word in "()":
                depth += 1 if word == "(" else -1
            else:
                words.append(word)
        if depth < 0:
            problems.append((number, "a bracket closes that was not opened"))
            depth = 0
        if depth == 0 and words:
            yield _Line(first, indented, tuple(words))
            words = []
    if depth:
        problems.append((first, "a bracket opens and never closes"))


def _read(line: _Line, state: _State, zone: Name) -> Record | None:
    words = list(line.words)
    if words[0].startswith("$"):
        _directive(words, state)
        return None
    if not line.indented:
        state.owner = _name(words.pop(0), state.origin)
    if state.owner is None:
        raise ValueError("no owner name yet")
    ttl = state.ttl if state.ttl is not None else DEFAULT_TTL
    while words and (words[0].upper() in {"IN", "CH", "HS"} or words[0][:1].isdigit()):
        word = words.pop(0)
        if word.upper() in {"CH", "HS"}:
            raise ValueError(f"class {word}; only IN is judged")
        if word[:1].isdigit():
            ttl = _ttl(word)
    if len(words) < 2:
        raise ValueError("a record needs a type and data")
    if not is_within(state.owner, zone):
        raise ValueError(f"{to_text(state.owner)} lies outside {to_text(zone)}")
    rtype, data = _data(words[0], words[1:], state.origin)
    return Record(state.owner, rtype, types.IN, ttl, data)


def _directive(words: list[str], state: _State) -> None:
    name = words[0].upper()
    if name == "$ORIGIN" and len(words) == 2:
        state.origin = _name(words[1], state.origin)
    elif name == "$TTL" and len(words) == 2:
        state.ttl = _ttl(words[1])
    elif name in {"$INCLUDE", "$GENERATE"}:
        raise ValueError(f"{name} is not followed here; give the whole zone, for example as the server writes it out")
    else:
        raise ValueError(f"{words[0]}: no such directive, or not with {len(words) - 1} words")


def _name(text: str, origin: Name) -> Name:
    if text == "@":
        return origin
    return from_text(text) if text.endswith(".") and not text.endswith("\\.") else from_text(text + "." + to_text(origin) if origin != b"\0" else text + ".")


def _ttl(text: str) -> int:
    parts = re.fullmatch(r"(?:[0-9]+[smhdw]?)+", text.lower())
    if parts is None:
        raise ValueError(f"{text} is no TTL")
    seconds = sum(int(number) * _UNITS[unit or "s"] for number, unit in re.findall(r"([0-9]+)([smhdw]?)", text.lower()))
    if seconds >= 2**31:
        raise ValueError(f"{text} is too long a TTL")
    return seconds


def _data(kind: str, words: list[str], origin: Name) -> tuple[int, bytes]:
    """Type and data; DS and CDS as they stand, whatever their digest (D8)."""
    import dns.exception
    import dns.name
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    try:
        rtype = dns.rdatatype.from_text(kind)
        number = int(rtype)
    except (dns.exception.DNSException, ValueError):
        raise ValueError(f"{kind} is no record type") from None
    if number in {types.DS, types.CDS} and words[0] != "\\#":
        if len(words) < 4:
            raise ValueError(f"{kind} needs tag, algorithm, digest type and digest")
        return number, struct.pack(">HBB", *(int(word) for word in words[:3])) + bytes.fromhex("".join(words[3:]))
    try:
        made = dns.rdata.from_text(dns.rdataclass.IN, rtype, " ".join(words), origin=dns.name.from_wire(origin, 0)[0], relativize=False)
        return number, _lower(number, made.to_wire() or b"")
    except (dns.exception.DNSException, ValueError, OverflowError) as error:
        raise ValueError(f"{kind}: {error}") from None


def _lower(number: int, data: bytes) -> bytes:
    """Names in data in lower case, where the canonical form has them so (RFC 4034 6.2)."""
    return data.lower() if number in {types.NS, types.CNAME, types.PTR, types.DNAME} else data
