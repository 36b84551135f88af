"""Address blocks that are not globally reachable (IANA special-purpose address registries, seen 2026-11; RFC 6890)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["documentation", "local-use", "not-global"]


class Block(NamedTuple):
    """A prefix, what it is for as a finding's code says it, and its name in the registry."""

    prefix: str
    kind: Kind
    name: str


BLOCKS = (
    Block("0.0.0.0/8", "not-global", "this network"), Block("10.0.0.0/8", "local-use", "private use"), Block("100.64.0.0/10", "local-use", "shared address space"),
    Block("127.0.0.0/8", "local-use", "loopback"), Block("169.254.0.0/16", "local-use", "link local"), Block("172.16.0.0/12", "local-use", "private use"),
    Block("192.0.0.0/24", "not-global", "IETF protocol assignments"), Block("192.0.2.0/24", "documentation", "documentation (TEST-NET-1)"),
    Block("192.88.99.0/24", "not-global", "6to4 relay, deprecated"), Block("192.168.0.0/16", "local-use", "private use"),
    Block("198.18.0.0/15", "not-global", "benchmarking"), Block("198.51.100.0/24", "documentation", "documentation (TEST-NET-2)"),
    Block("203.0.113.0/24", "documentation", "documentation (TEST-NET-3)"), Block("224.0.0.0/4", "not-global", "multicast"),
    Block("240.0.0.0/4", "not-global", "reserved"),
    Block("::/128", "not-global", "unspecified"), Block("::1/128", "local-use", "loopback"), Block("::ffff:0:0/96", "not-global", "IPv4-mapped"),
    Block("64:ff9b:1::/48", "local-use", "IPv4-IPv6 translation, local"), Block("100::/64", "not-global", "discard only"), Block("100:0:0:1::/64", "not-global", "dummy prefix"),
    Block("2001::/23", "not-global", "IETF protocol assignments"), Block("2001:db8::/32", "documentation", "documentation"),
    Block("2002::/16", "not-global", "6to4"), Block("3fff::/20", "documentation", "documentation"), Block("5f00::/16", "not-global", "segment routing"),
    Block("fc00::/7", "local-use", "unique local"), Block("fe80::/10", "local-use", "link local"), Block("ff00::/8", "not-global", "multicast"),
)  # fmt: skip
GLOBAL_AFTER_ALL = ("192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28", "2001:30::/28")
"""Globally reachable parts of blocks above."""


def is_in(address: str, prefixes: Iterable[str]) -> bool:
    """Whether an address lies in any of some prefixes.

    >>> is_in("10.20.1.53", ["2001:db8::/32", "10.20.0.0/16"])
    True
    """
    return any(_in(address, prefix) for prefix in prefixes)


@lru_cache(maxsize=65_536)
def _in(address: str, prefix: str) -> bool:
    one, network = ipaddress.ip_address(address), ipaddress.ip_network(prefix)
    return one.version == network.version and one in network


@lru_cache(maxsize=16_384)
def block_of(address: str) -> Block | None:
    """The block that keeps an address from being globally reachable; None for one that is.

    >>> block_of("192.0.2.53").kind
    'documentation'
    >>> block_of("192.36.148.17")
    """
    if is_in(address, GLOBAL_AFTER_ALL):
        return None
    return next((block for block in BLOCKS if _in(address, block.prefix)), None)
