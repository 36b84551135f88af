"""A device's address lies in a declared prefix, and that prefix is used at the device's site."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Prefixes:
    """Finds the longest prefix around an address in as many steps as there are lengths."""

    def __init__(self) -> None:
        self._by_length: dict[tuple[int, int], dict[int, Placed]] = {}

    def add(self, network: Network, placed: Placed) -> None:
        """One more prefix; of two equal ones the first stays."""
        self._by_length.setdefault((network.version, network.prefixlen), {}).setdefault(
            int(network.network_address), placed
        )

    def around(self, address: Address) -> Placed | None:
        """What was added with the longest prefix around the address."""
        number = int(address)
        for version, length in sorted(self._by_length, reverse=True):
            if version == address.version:
                free = address.max_prefixlen - length
                found = self._by_length[version, length].get(number >> free << free)
                if found is not None:
                    return found
        return None


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`address-outside-prefix` without a network around it, `address-outside-site` when that network is at another site."""
    if not loaded.all("networks") or "networks" in loaded.doubtful:
        return
    networks, sites = Prefixes(), Prefixes()
    for placed in loaded.all("networks"):
        networks.add(placed.thing.prefix, placed)
    for site in loaded.all("sites"):
        for prefix in site.thing.prefixes:
            sites.add(prefix, site)
    for placed in loaded.living:
        for interface, addresses in placed.thing.addresses.items():
            for family in ("ipv4", "ipv6"):
                address = getattr(addresses, family)
                if address is not None:
                    yield from _judge(placed, address, ("addresses", interface, family), networks, sites)


def _judge(
    placed: Placed, address: Address, steps: tuple[str, str, str], networks: Prefixes, sites: Prefixes
) -> Iterator[Problem]:
    network, site = networks.around(address), placed.thing.site
    if network is None:
        yield placed.problem(
            "address-outside-prefix",
            f"{address} lies in no network of the inventory",
            *steps,
            help="declare its prefix under networks",
        )
    elif site is not None and network.thing.site != site and getattr(sites.around(address), "id", None) != site:
        message = f"{address} lies in {network.thing.prefix}, which is at {network.thing.site}, not at {site}"
        yield placed.problem("address-outside-site", message, *steps, related=(network.place("site"),))


RULE = Rule("address-place", ("address-outside-prefix", "address-outside-site"), judge)
