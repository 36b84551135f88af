"""The lab's network: namespaces, virtual cables, addresses and routes, all under the roof."""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Iterable

from tests.lab.labkit.place import Place
from tests.lab.labkit.settings import LabError
from tests.lab.labkit.topology import Host, Site, Topology

WORLD, CLIENT4, CLIENT6 = "world", "client4", "client6"
LINK, WAN, LAN, OUT = "site-link", "wan", "lan", "eth0"


def build(topology: Topology) -> None:
    """Lay everything; some thirty calls of `ip`, each with many lines."""
    names = [WORLD, CLIENT4, CLIENT6, *(s.router for s in topology.sites), *(h.id for h in topology.hosts)]
    _ip("", [f"netns add {name}" for name in names])
    for name in names:
        _settings(name, forwards=name == WORLD or name in {s.router for s in topology.sites})
    _ip("", _cables(topology))
    for name in names:
        _ip(name, ["link set lo up"])
    for site in topology.sites:
        _ip(site.router, _router(topology, site))
    for host in topology.hosts:
        _ip(host.id, _host(topology.site(host.site), host))
    _ip(WORLD, _world(topology))
    _clients(topology)
    _no_transit(topology)


def place_of_world() -> Place:
    """The world as a place for parts."""
    return Place(WORLD, "198.51.100.1", "2001:db8:f0::1")


def place_of(host: Host) -> Place:
    """A host's network as a place for parts (files and processes are the machine's)."""
    return Place(host.id, host.ipv4, host.ipv6)


def place_of_router(site: Site) -> Place:
    """A router's network as a place."""
    four, six = (a.split("/")[0] for a in site.router_addresses)
    return Place(site.router, four, six)


def linked(topology: Topology) -> bool:
    """True when each router has learned the other site's prefixes of both families."""
    pairs = ((own, other) for own in topology.sites for other in topology.sites if own != other)
    return all(
        " proto bgp" in _told(own.router, "-6" if ":" in prefix else "-4", "route", "show", prefix) for own, other in pairs for prefix in other.prefixes
    )  # fmt: skip


def link_is_cut(topology: Topology) -> bool:
    """True when the link between the sites is down at either end."""
    return any(" state UP " not in _told(s.router, "-o", "link", "show", LINK) for s in topology.sites)


def cut_link(topology: Topology, *, cut: bool) -> None:
    """Cut the link between the sites, or mend it (its link-local addresses come back by themselves)."""
    for site in topology.sites:
        _ip(site.router, [f"link set {LINK} {'down' if cut else 'up'}"])


def cut_host(topology: Topology, host: Host, *, cut: bool) -> None:
    """Pull a host's cable at the switch, or put it back; nothing inside the host is touched."""
    _ip(topology.site(host.site).router, [f"link set {_port(host)} {'down' if cut else 'up'}"])


def _cables(topology: Topology) -> list[str]:
    first, second = topology.sites
    pairs = [(first.router, LINK, second.router, LINK), (WORLD, CLIENT4, CLIENT4, OUT), (WORLD, CLIENT6, CLIENT6, OUT)]
    pairs += [(WORLD, f"{WAN}{n}", s.router, WAN) for n, s in enumerate(topology.sites)]
    pairs += [(topology.site(h.site).router, _port(h), h.id, OUT) for h in topology.hosts]
    return [f"link add name {a_end} netns {a} type veth peer name {b_end} netns {b}" for a, a_end, b, b_end in pairs]


def _router(topology: Topology, site: Site) -> list[str]:
    ports = [_port(h) for h in topology.hosts if h.site == site.id]
    return [
        f"link add {LAN} type bridge forward_delay 0", *[f"link set {p} master {LAN}" for p in ports], *[f"link set {p} up" for p in ports],
        f"link set {LAN} up", f"link set {WAN} up", f"link set {LINK} up",
        *[_address(a, LAN) for a in (*site.router_addresses, *site.gateways)], *[_address(a, WAN) for a in site.out],
        *[_default(g.split("/")[0]) for g in site.out_gateways],
    ]  # fmt: skip


def _host(site: Site, host: Host) -> list[str]:
    addresses = (host.ipv4, host.ipv6, *host.others)
    return [
        f"link set {OUT} up", *[_address(f"{a}/{64 if ':' in a else 24}", OUT) for a in addresses],
        *[_default(site.gateway(a)) for a in (host.ipv4, host.ipv6)],
    ]  # fmt: skip


def _world(topology: Topology) -> list[str]:
    w = topology.world
    lines = [_address(f"{a}/{128 if ':' in a else 32}", "lo") for a in (w.ipv4, w.ipv6, w.receiver4, w.receiver6)]
    for number, site in enumerate(topology.sites):
        lines += [f"link set {WAN}{number} up", *[_address(g, f"{WAN}{number}") for g in site.out_gateways]]
        ways = {":" in a: a.split("/")[0] for a in site.out}
        lines += [f"route add {p} via {ways[':' in p]}" for p in site.prefixes]
    lines += [f"link set {CLIENT4} up", f"link set {CLIENT6} up"]
    return [*lines, _address(f"{_near(w.client4)}/24", CLIENT4), _address(f"{_near(w.client6)}/64", CLIENT6)]


def _clients(topology: Topology) -> None:
    w = topology.world
    for name, address, length in ((CLIENT4, w.client4, 24), (CLIENT6, w.client6, 64)):
        _ip(name, [f"link set {OUT} up", _address(f"{address}/{length}", OUT), _default(_near(address))])


def _no_transit(topology: Topology) -> None:
    """The world carries nothing from site to site: what their own link does not carry is lost."""
    pairs = ((a, b) for one in topology.sites for other in topology.sites if one != other for a in one.prefixes for b in other.prefixes)
    drops = [f"{'ip6' if ':' in a else 'ip'} saddr {a} {'ip6' if ':' in a else 'ip'} daddr {b} drop" for a, b in pairs if (":" in a) == (":" in b)]
    rules = "table inet lab { chain forward { type filter hook forward priority 0; policy accept;\n" + "\n".join(drops) + "\n}\n}\n"
    _run(["ip", "netns", "exec", WORLD, "nft", "-f", "-"], rules)


def _settings(name: str, *, forwards: bool) -> None:
    """Kernel settings of one namespace: no second of doubt about IPv6 addresses, forwarding where it is a router."""
    values = {"ipv6/conf/all/accept_dad": "0", "ipv6/conf/default/accept_dad": "0", "ipv6/conf/all/accept_ra": "0"}
    if forwards:
        values |= {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"}
    script = "; ".join(f"echo {value} >/proc/sys/net/{path}" for path, value in values.items())
    _run(["nsenter", f"--net=/run/netns/{name}", "sh", "-c", script], None)


def _port(host: Host) -> str:
    return f"p{host.ipv4.rsplit('.', 1)[1]}"


def _address(address: str, device: str) -> str:
    return f"address add {address} dev {device}{' nodad' if ':' in address else ''}"


def _default(gateway: str) -> str:
    return f"route add {'::/0' if ':' in gateway else 'default'} via {gateway}"


def _near(address: str) -> str:
    network = ipaddress.ip_network(f"{address}/{64 if ':' in address else 24}", strict=False)
    return str(network[1])


def _told(name: str, *arguments: str) -> str:
    return subprocess.run(["ip", "-n", name, *arguments], capture_output=True, text=True, timeout=20, check=False).stdout


def _ip(name: str, lines: Iterable[str]) -> None:
    _run(["ip", *(["-n", name] if name else []), "-batch", "-"], "\n".join(lines) + "\n")


def _run(command: list[str], given: str | None) -> None:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise LabError(f"{' '.join(command)}: {done.stderr.strip()}")
