"""Domain names: inside always lower-case wire form, outside presentation form with a final dot (RFC 1035, 4343)."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TypeAlias

Name: TypeAlias = bytes
"""A name in lower-case wire form, uncompressed: length octets and labels, ending with the root's zero octet."""

ROOT: Name = b"\0"
MAX_OCTETS = 255
MAX_LABEL = 63
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_*/+:=!@~")


class BadName(ValueError):
    """Text that is no domain name; the message says why."""


@lru_cache(maxsize=65_536)
def to_text(name: Name) -> str:
    r"""Presentation form with a final dot; odd octets as `\DDD`.

    >>> to_text(b"\x06krokom\x02se\x00")
    'krokom.se.'
    """
    return ".".join(_label_text(label) for label in labels(name)) + "."


def _label_text(label: bytes) -> str:
    return "".join(chr(octet) if octet in _PLAIN else f"\\{chr(octet)}" if 33 <= octet <= 126 else f"\\{octet:03d}" for octet in label)


@lru_cache(maxsize=65_536)
def from_text(text: str) -> Name:
    r"""Wire form of a name, with or without the final dot; non-ASCII labels by IDNA. BadName when it is none.

    >>> from_text("Krokom.SE")
    b'\x06krokom\x02se\x00'
    """
    if not text:
        raise BadName("an empty text is no name")
    found = b"".join(bytes([len(label)]) + label for label in _split(text)) + b"\0"
    if len(found) > MAX_OCTETS:
        raise BadName(f"{text[:60]!r}… is longer than {MAX_OCTETS} octets")
    return found.lower()


def _split(text: str) -> list[bytes]:
    if text == ".":
        return []
    if not text.isascii():
        try:
            text = ".".join(part.encode("idna").decode("ascii") for part in text.split("."))
        except UnicodeError as error:
            raise BadName(f"{text[:60]!r} has no ASCII form: {error}") from None
    found, label, at = [], bytearray(), 0
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            digits = text[at + 1 : at + 4]
            if len(digits) == 3 and digits.isdigit() and int(digits) < 256:
                label.append(int(digits))
                at += 4
                continue
            if at + 1 == len(text):
                raise BadName(f"{text[:60]!r} ends in a backslash")
            label.append(ord(text[at + 1]))
            at += 2
            continue
        if sign == ".":
            found.append(bytes(label))
            label = bytearray()
        elif sign.isspace() or ord(sign) < 33:
            raise BadName(f"{text[:60]!r} has a space in it")
        else:
            label.append(ord(sign))
        at += 1
    if label or not text.endswith("."):
        found.append(bytes(label))
    for one in found:
        if not 1 <= len(one) <= MAX_LABEL:
            raise BadName(f"{text[:60]!r} has a label of {len(one)} octets; 1 to {MAX_LABEL} are allowed")
    return found


def labels(name: Name) -> list[bytes]:
    """The labels of a name, without the root's."""
    found, at = [], 0
    while name[at]:
        found.append(name[at + 1 : at + 1 + name[at]])
        at += name[at] + 1
    return found


def is_name(octets: bytes) -> bool:
    r"""Whether octets are a whole name in wire form and nothing else.

    >>> is_name(b"\x02se\x00"), is_name(b"\x02se"), is_name(b"")
    (True, False, False)
    """
    at = 0
    while at < len(octets) <= MAX_OCTETS:
        if octets[at] == 0:
            return at + 1 == len(octets)
        if octets[at] > MAX_LABEL:
            return False
        at += octets[at] + 1
    return False


def parent(name: Name) -> Name:
    """The name one label up; the root is its own parent."""
    return name[name[0] + 1 :] if name[0] else name


def is_within(name: Name, zone: Name) -> bool:
    """Whether `name` is `zone` or lies below it."""
    while len(name) > len(zone):
        name = parent(name)
    return name == zone


def count_labels(name: Name) -> int:
    """Labels without the root's, as RRSIG counts them (the wildcard's `*` is counted by the caller)."""
    return len(labels(name))


def reverse_name(address: str) -> Name:
    r"""The name under in-addr.arpa or ip6.arpa that bears an address's PTR (RFC 1035 3.5, RFC 3596 2.5).

    >>> reverse_name("192.0.2.1")
    b'\x011\x012\x010\x03192\x07in-addr\x04arpa\x00'
    """
    return from_text(ipaddress.ip_address(address).reverse_pointer)
