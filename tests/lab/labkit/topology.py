"""What stands in the lab: sites, hosts, routers, the world outside, and their addresses, as data."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

FEWEST, USUAL, MOST = 4, 6, 12


@dataclass(frozen=True)
class Host:
    """A Debian host: device id, site, what it is for, owners, addresses, and the family it is managed over."""

    id: str
    site: str
    role: str
    owners: tuple[str, ...]
    ipv4: str
    ipv6: str
    management: str
    service: str = ""


@dataclass(frozen=True)
class Site:
    """A site's network and its router."""

    id: str
    network4: str
    network6: str
    router: str
    as_number: int
    wan4: str
    wan6: str
    link4: str
    link6: str

    @property
    def gateway4(self) -> str:
        """The router's address in the site, the first of the network."""
        return str(ipaddress.ip_network(self.network4)[1])

    @property
    def gateway6(self) -> str:
        """The router's address in the site, the first of the network."""
        return str(ipaddress.ip_network(self.network6)[1])


@dataclass(frozen=True)
class World:
    """The world outside: DNS root, receiver of mail and webhooks, two clients with one family each."""

    ipv4: str = "198.51.100.1"
    ipv6: str = "2001:db8:f0::1"
    receiver4: str = "198.51.100.25"
    receiver6: str = "2001:db8:f0::25"
    root4: str = "198.51.100.53"
    root6: str = "2001:db8:f0::53"
    registry4: str = "198.51.100.54"
    registry6: str = "2001:db8:f0::54"
    client4: str = "198.51.101.4"
    client6: str = "2001:db8:f1::6"


@dataclass(frozen=True)
class Topology:
    """All of it."""

    sites: tuple[Site, ...]
    hosts: tuple[Host, ...]
    world: World = World()

    def host(self, name: str) -> Host:
        """A host by id."""
        return next(h for h in self.hosts if h.id == name)

    def site(self, name: str) -> Site:
        """A site by id."""
        return next(s for s in self.sites if s.id == name)

    def operations_host(self, site: str = "") -> Host:
        """The controller's host of a site, of the first site if none is named."""
        return next(h for h in self.hosts if h.role == "operations" and site in ("", h.site))

    def write(self, path: Path) -> None:
        """Keep it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False))


SITES = (
    Site("hall-ostersund", "10.20.4.0/24", "2001:db8:24::/64", "ost-rtr-1", 64_520, "10.20.250.2", "2001:db8:2f:1::2", "10.20.255.1", "2001:db8:2f:ff::1"),
    Site("hall-are", "10.20.8.0/24", "2001:db8:28::/64", "are-rtr-1", 64_521, "10.20.250.6", "2001:db8:2f:2::2", "10.20.255.2", "2001:db8:2f:ff::2"),
)
PATTERN: Sequence[tuple[str, str, str, tuple[str, ...], str]] = (
    ("ost-ops-1", "hall-ostersund", "operations", ("ostersund",), ""),
    ("are-ops-1", "hall-are", "operations", ("are",), ""),
    ("ost-lib-1", "hall-ostersund", "application", ("ostersund", "krokom"), "bookit"),
    ("are-web-1", "hall-are", "application", ("are",), "web-are"),
    ("ost-web-1", "hall-ostersund", "application", ("ostersund",), "web-ostersund"),
    ("are-lib-2", "hall-are", "application", ("ostersund", "krokom"), "bookit"),
    ("kro-web-1", "hall-ostersund", "application", ("krokom",), "web-krokom"),
    ("are-web-2", "hall-are", "application", ("are",), "web-are"),
    ("ost-web-2", "hall-ostersund", "application", ("ostersund",), "web-ostersund"),
    ("kro-web-2", "hall-are", "application", ("krokom",), "web-krokom"),
    ("ost-web-3", "hall-ostersund", "application", ("ostersund",), "web-ostersund"),
    ("are-web-3", "hall-are", "application", ("are",), "web-are"),
)


def usual(count: int = USUAL) -> Topology:
    """The lab's own pattern with this many Debian hosts (two routers come beside them).

    >>> [h.management for h in usual(4).hosts]
    ['ipv4', 'ipv6', 'ipv4', 'ipv6']
    """
    hosts = []
    for number, (name, site, role, owners, service) in enumerate(PATTERN[:count], 1):
        stands = next(s for s in SITES if s.id == site)
        ipv4, ipv6 = (str(ipaddress.ip_network(n)[10 + number]) for n in (stands.network4, stands.network6))
        hosts.append(Host(name, site, role, owners, ipv4, ipv6, "ipv4" if number % 2 else "ipv6", service))
    return Topology(SITES, tuple(hosts))


def read(path: Path) -> Topology:
    """A topology kept by `write`."""
    told: Mapping[str, Any] = json.loads(path.read_text())
    hosts = tuple(Host(**{**h, "owners": tuple(h["owners"])}) for h in told["hosts"])
    return Topology(tuple(Site(**s) for s in told["sites"]), hosts, World(**told["world"]))


def only(topology: Topology, count: int) -> Topology:
    """The same with its first hosts alone."""
    return replace(topology, hosts=topology.hosts[:count])
