"""DNS anchors: trusted DS and DNSKEY, read from a file's lines or the built-in ones of the root (dns.md D3, RFC 5011)."""

from __future__ import annotations

import base64
import binascii
import struct
from pathlib import Path

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.dns import types
from samdrift.model.dns.names import BadName, from_text
from samdrift.model.dns.view import Anchor
from samdrift.model.errors import WrongUse

FORM = "lines like `. IN DS 20326 8 2 E06D44…` or `. IN DNSKEY 257 3 8 AwEAAa…`"
# https://data.iana.org/root-anchors/root-anchors.xml as of 2026-11: KSK-2017 and KSK-2024
_ROOT = """
. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
"""


def built_in_anchors() -> tuple[Anchor, ...]:
    """IANA's anchors of the public root."""
    return anchors_in(_ROOT.encode("ascii"), "built-in")


def read_anchors(path: Path | str) -> tuple[Anchor, ...]:
    """The anchors of a file; WrongUse in one line when it cannot be read or holds none."""
    try:
        octets = read_file(Path(path), limit_bytes=SIZES["inventory-file"])
    except OSError as error:
        raise WrongUse(f"cannot read the trust anchors {path}: {(error.strerror or str(error)).lower()}", help="--trust-anchor FILE with " + FORM) from None
    return anchors_in(octets, str(path))


def anchors_in(octets: bytes, name: str) -> tuple[Anchor, ...]:
    r"""The anchors in a file's octets, of any owner, each once; a digest of the wrong length is kept as it stands (D8). WrongUse names the line that is none.

    >>> anchors_in(b"se. 3600 IN DS 1 13 2 ( AB\n CD ) ; not real", "x")[0].data.hex()
    '00010d02abcd'
    """
    found: list[Anchor] = []
    try:
        lines = octets.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise WrongUse(f"{name} is no file of trust anchors: it is not text", help=FORM) from None
    for number, words in _joined(lines):
        try:
            found.append(_anchor(words))
        except (BadName, ValueError, struct.error, binascii.Error) as error:
            raise WrongUse(f"{name}:{number}: no trust anchor: {' '.join(str(error).split())[:120]}", help=FORM) from None
    if not found:
        raise WrongUse(f"{name} holds no trust anchor", help=FORM)
    return tuple(dict.fromkeys(found))


def _joined(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The words of each record with its first line's number; brackets join lines, a semicolon begins a comment."""
    found: list[tuple[int, list[str]]] = []
    open_at = 0
    for number, line in enumerate(lines, 1):
        text = line.split(";", 1)[0]
        words = text.replace("(", " ").replace(")", " ").split()
        if open_at:
            found[-1][1].extend(words)
        elif words and not words[0].startswith("$TTL"):
            found.append((number, words))
        open_at += text.count("(") - text.count(")")
    return found


def _anchor(words: list[str]) -> Anchor:
    owner, rest = from_text(words[0]), words[1:]
    while rest and (rest[0].isdigit() or rest[0].upper() == "IN"):
        rest = rest[1:]
    kind, data = (rest[0].upper() if rest else ""), rest[1:]
    if kind not in {"DS", "DNSKEY"} or len(data) < 4:
        raise ValueError("neither a DS nor a DNSKEY with all its parts")
    numbers = [int(word) for word in data[:3]]
    head = struct.pack(">HBB", *numbers)
    if kind == "DS":
        return Anchor(owner, types.DS, head + bytes.fromhex("".join(data[3:])))
    return Anchor(owner, types.DNSKEY, head + base64.b64decode("".join(data[3:]), validate=True))
