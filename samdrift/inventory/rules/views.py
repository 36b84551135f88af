"""A view has root hints that are some, and trust anchors that can be read (dns.md D4, 5)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from ipaddress import ip_address

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`view-without-roots` at the hints, `anchor-unreadable` at the anchors, `unknown-reference` for a file that is not there."""
    for placed in loaded.all("views"):
        view = placed.thing
        if view.hints is None and placed.id != "public":
            yield placed.problem(
                "view-without-roots", f"{placed.id} has no root hints", help="hints: files/<name>.hints"
            )
        for name in ("hints", "trust_anchors", "ca", "as_table"):
            path = getattr(view, name)
            if path is None:
                continue
            content = loaded.files.get(path)
            if content is None:
                near = nearest(path, loaded.files)
                yield placed.problem(
                    "unknown-reference",
                    f"there is no file {path!r} in the inventory",
                    name,
                    help=f"did you mean {near!r}?" if near else "a path such as files/inside.hints",
                )
            elif name == "hints":
                yield from _hints(placed, path, content)
            elif name == "trust_anchors":
                yield from _anchors(placed, path, content)


def _records(content: bytes) -> Iterator[list[str]]:
    """The words of each line, without comments; RFC 1035 master file, simple lines only."""
    for line in content.decode(errors="replace").splitlines():
        words = line.partition(";")[0].split()
        if words:
            yield words


def _hints(placed: Placed, path: str, content: bytes) -> Iterator[Problem]:
    roots: set[str] = set()
    addresses: set[str] = set()
    for words in _records(content):
        upper = [word.upper() for word in words]
        if words[0] == "." and "NS" in upper[1:]:
            roots.add(words[-1].lower())
        elif {"A", "AAAA"} & set(upper[1:-1]) and _is_address(words[-1]):
            addresses.add(words[0].lower())
    if not roots:
        yield placed.problem(
            "view-without-roots",
            f"{path} is no hints file: no NS record of the root stands in it",
            "hints",
            help=". 3600000 NS ns0.example. and its A and AAAA",
        )
    elif not roots & addresses:
        yield placed.problem(
            "view-without-roots",
            f"{path} gives no address of a root server",
            "hints",
            help="add A and AAAA records of the servers it names",
        )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _anchors(placed: Placed, path: str, content: bytes) -> Iterator[Problem]:
    if not any(_is_anchor(words) for words in _records(content)):
        yield placed.problem(
            "anchor-unreadable",
            f"{path} holds no DS or DNSKEY record of the root",
            "trust_anchors",
            help=". IN DNSKEY 257 3 13 …",
        )


def _is_anchor(words: list[str]) -> bool:
    upper = [word.upper() for word in words]
    for kind in ("DNSKEY", "DS"):
        if words[0] == "." and kind in upper:
            numbers, rest = words[upper.index(kind) + 1 : upper.index(kind) + 4], words[upper.index(kind) + 4 :]
            if len(numbers) == 3 and all(number.isdecimal() for number in numbers) and rest:
                return _is_key("".join(rest), hexadecimal=kind == "DS")
    return False


def _is_key(text: str, *, hexadecimal: bool) -> bool:
    try:
        return bool(bytes.fromhex(text) if hexadecimal else base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return False


RULE = Rule("views", ("view-without-roots", "anchor-unreadable", "unknown-reference"), judge)
