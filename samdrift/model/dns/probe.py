"""The random name that is asked for below a zone's apex, and how it is known again in the evidence (dns.md, dnssec-denial)."""

from __future__ import annotations

from samdrift.model.dns.names import MAX_OCTETS, Name, parent

PREFIX = b"samdrift-"


def probe_name(zone: Name, token: str) -> Name:
    r"""A name one label below a zone that nobody has given it; the zone itself when it is too long to take another label.

    >>> probe_name(b"\x06krokom\x02se\x00", "0badcafe")
    b'\x11samdrift-0badcafe\x06krokom\x02se\x00'
    """
    label = PREFIX + token.encode("ascii")
    found = bytes([len(label)]) + label + zone
    return found if len(found) <= MAX_OCTETS else zone


def is_probe(name: Name, zone: Name) -> bool:
    """Whether a name was made by `probe_name` for this zone."""
    return name[1:].startswith(PREFIX) and parent(name) == zone
