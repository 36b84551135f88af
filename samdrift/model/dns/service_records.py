"""Records of services as values: MX, TXT, TLSA, CAA, read from wire form without refusing odd ones (RFC 1035, 6698, 8659)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.dns.message import Malformed, read_name
from samdrift.model.dns.names import ROOT, Name

DIGEST_OCTETS = {1: 32, 2: 64}
"""TLSA matching type → octets of its data."""


@dataclass(frozen=True, slots=True, order=True)
class Mx:
    """A mail exchanger; the root as its host says that there is no mail (RFC 7505)."""

    preference: int
    host: Name

    @property
    def is_null(self) -> bool:
        return self.host == ROOT


def read_mx(data: bytes) -> Mx:
    """From a record's data; Malformed when it is none."""
    if len(data) < 3:
        raise Malformed("the MX's data is too short")
    try:
        return Mx(int.from_bytes(data[:2], "big"), read_name(data, 2)[0])
    except IndexError:
        raise Malformed("the MX's data is too short") from None


def read_txt(data: bytes) -> str:
    """The character strings of a TXT record joined, octet by octet as Latin-1; what runs over the end is cut."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found).decode("latin-1")


@dataclass(frozen=True, slots=True, order=True)
class Tlsa:
    """A TLSA record: usage 0-3, selector 0 certificate or 1 key, matching 0 whole, 1 SHA-256, 2 SHA-512."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def well_formed(self) -> bool:
        """Whether its fields are assigned and its data has the length of its matching type."""
        fits = len(self.data) == DIGEST_OCTETS[self.matching] if self.matching in DIGEST_OCTETS else self.matching == 0 and bool(self.data)
        return self.usage <= 3 and self.selector <= 1 and fits

    def text(self) -> str:
        """The record's data in a zone file."""
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex().upper()}"


def read_tlsa(data: bytes) -> Tlsa:
    """From a record's data; Malformed under 3 octets."""
    if len(data) < 3:
        raise Malformed("the TLSA's data is too short")
    return Tlsa(data[0], data[1], data[2], data[3:])


@dataclass(frozen=True, slots=True)
class Caa:
    """A CAA record; `tag` as it came."""

    flags: int
    tag: str
    value: str


def read_caa(data: bytes) -> Caa:
    """From a record's data; Malformed when the tag runs over the end."""
    if len(data) < 3 or not 1 <= data[1] <= len(data) - 2:
        raise Malformed("the CAA's tag runs over the end")
    return Caa(data[0], data[2 : 2 + data[1]].decode("latin-1"), data[2 + data[1] :].decode("latin-1"))
