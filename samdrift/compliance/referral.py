"""Referral: how many octets a delegation takes in an answer without EDNS (RFC 1035 2.3.4, 4.1.4)."""

from __future__ import annotations

from collections.abc import Iterable

from samdrift.model.dns.names import MAX_OCTETS, Name, is_within, parent

HEAD, QUESTION_TAIL, RECORD, POINTER = 12, 4, 10, 2
A_OCTETS, AAAA_OCTETS = 4, 16


def referral_octets(zone: Name, names: Iterable[Name], *, with_ipv6: bool) -> int:
    r"""Octets of the referral for the longest name below a zone: all NS, and one A (and AAAA) where every server is named within it.

    >>> referral_octets(b"\x06krokom\x02se\x00", [b"\x03ns1\x06krokom\x02se\x00"], with_ipv6=False)
    305
    """
    servers = sorted(set(names))
    known = set(_suffixes(zone))
    total = HEAD + MAX_OCTETS + QUESTION_TAIL
    for name in servers:
        total += POINTER + RECORD + _compressed(name, known)
        known.update(_suffixes(name))
    if servers and all(is_within(name, zone) for name in servers):
        total += POINTER + RECORD + A_OCTETS + (POINTER + RECORD + AAAA_OCTETS if with_ipv6 else 0)
    return total


def _suffixes(name: Name) -> Iterable[Name]:
    while name != b"\0":
        yield name
        name = parent(name)


def _compressed(name: Name, known: set[Name]) -> int:
    octets = 0
    while name != b"\0":
        if name in known:
            return octets + POINTER
        octets += name[0] + 1
        name = parent(name)
    return octets + 1
