"""What stands in the lab: sites, hosts, routers, the world outside, and their addresses, as data."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FEWEST, USUAL, MOST = 4, 6, 12


@dataclass(frozen=True)
class Host:
    """A Debian host: device id, site, what it is for, owners, the family it is managed over, and its addresses.

    `ipv4` and `ipv6` are those of management; `others` those it serves on.
    """

    id: str
    site: str
    role: str
    owners: tuple[str, ...]
    ipv4: str
    ipv6: str
    others: tuple[str, ...]
    management: str

    @property
    def address(self) -> str:
        """The address it is managed over."""
        return self.ipv4 if self.management == "ipv4" else self.ipv6


@dataclass(frozen=True)
class Site:
    """A site: its prefixes, the gateway of each of its networks (with prefix length), its router, its way out."""

    id: str
    prefixes: tuple[str, ...]
    gateways: tuple[str, ...]
    router: str
    router_addresses: tuple[str, ...]
    as_number: int
    out: tuple[str, ...]
    out_gateways: tuple[str, ...]

    def gateway(self, address: str) -> str:
        """The gateway of the network in which an address lies."""
        wanted = ipaddress.ip_address(address)
        return next(str(ipaddress.ip_interface(g).ip) for g in self.gateways if wanted in ipaddress.ip_interface(g).network)


@dataclass(frozen=True)
class World:
    """The world outside: DNS root and registry, receiver of mail and webhooks, two clients with one family each."""

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


def read(path: Path) -> Topology:
    """A topology kept by `write`."""
    told: Mapping[str, Any] = json.loads(path.read_text())
    sites = tuple(Site(**_tuples(s)) for s in told["sites"])
    return Topology(sites, tuple(Host(**_tuples(h)) for h in told["hosts"]), World(**told["world"]))


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
