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
    _ip("", _cables(topology))
    for name in names:
        _settings(name, forwards=name == WORLD or name in {s.router for s in topology.sites})
        _ip(name, ["link set lo up"])
    for number, site in enumerate(topology.sites):
        _ip(site.router, _router(topology, site, number))
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
    return Place(site.router, site.gateway4, site.gateway6)


def link_is_cut(topology: Topology) -> bool:
    """True when the link between the sites is down at either end."""
    return any(" state UP " not in _told(s.router, "-o", "link", "show", LINK) for s in topology.sites)


def cut_link(topology: Topology, *, cut: bool) -> None:
    """Cut the link between the sites, or mend it; addresses of version 6 are put back, which a cut takes away."""
    for site in topology.sites:
        lines = [f"link set {LINK} {'down' if cut else 'up'}"]
        lines += [] if cut else [f"address replace {site.link6}/64 dev {LINK} nodad"]
        _ip(site.router, lines)


def cut_host(topology: Topology, host: Host, *, cut: bool) -> None:
    """Pull a host's cable at the switch, or put it back; nothing inside the host is touched."""
    _ip(topology.site(host.site).router, [f"link set {_port(host)} {'down' if cut else 'up'}"])


def _cables(topology: Topology) -> list[str]:
    first, second = topology.sites
    pairs = [(first.router, LINK, second.router, LINK), (WORLD, CLIENT4, CLIENT4, OUT), (WORLD, CLIENT6, CLIENT6, OUT)]
    pairs += [(WORLD, f"{WAN}{n}", s.router, WAN) for n, s in enumerate(topology.sites)]
    pairs += [(topology.site(h.site).router, _port(h), h.id, OUT) for h in topology.hosts]
    return [f"link add name {a_end} netns {a} type veth peer name {b_end} netns {b}" for a, a_end, b, b_end in pairs]


def _router(topology: Topology, site: Site, number: int) -> list[str]:
    lan4, lan6 = (ipaddress.ip_network(n).prefixlen for n in (site.network4, site.network6))
    ports = [_port(h) for h in topology.hosts if h.site == site.id]
    world4, world6 = _wan_peer(site)
    return [
        f"link add {LAN} type bridge forward_delay 0", *[f"link set {p} master {LAN}" for p in ports], *[f"link set {p} up" for p in ports],
        f"link set {LAN} up", f"link set {WAN} up", f"link set {LINK} up",
        f"address add {site.gateway4}/{lan4} dev {LAN}", f"address add {site.gateway6}/{lan6} dev {LAN} nodad",
        f"address add {site.wan4}/30 dev {WAN}", f"address add {site.wan6}/64 dev {WAN} nodad",
        f"address add {site.link4}/30 dev {LINK}", f"address add {site.link6}/64 dev {LINK} nodad",
        f"route add default via {world4}", f"route add ::/0 via {world6}",
    ]  # fmt: skip


def _host(site: Site, host: Host) -> list[str]:
    lan4, lan6 = (ipaddress.ip_network(n).prefixlen for n in (site.network4, site.network6))
    return [
        f"link set {OUT} up", f"address add {host.ipv4}/{lan4} dev {OUT}", f"address add {host.ipv6}/{lan6} dev {OUT} nodad",
        f"route add default via {site.gateway4}", f"route add ::/0 via {site.gateway6}",
    ]  # fmt: skip


def _world(topology: Topology) -> list[str]:
    w = topology.world
    lines = [f"address add {a}/32 dev lo" for a in (w.ipv4, w.receiver4, w.root4, w.registry4)]
    lines += [f"address add {a}/128 dev lo nodad" for a in (w.ipv6, w.receiver6, w.root6, w.registry6)]
    for number, site in enumerate(topology.sites):
        peer4, peer6 = _wan_peer(site)
        lines += [
            f"link set {WAN}{number} up", f"address add {peer4}/30 dev {WAN}{number}", f"address add {peer6}/64 dev {WAN}{number} nodad",
            f"route add {site.network4} via {site.wan4}", f"route add {site.network6} via {site.wan6}",
        ]  # fmt: skip
    lines += [f"link set {CLIENT4} up", f"link set {CLIENT6} up", f"address add {_near(w.client4)}/24 dev {CLIENT4}"]
    return [*lines, f"address add {_near(w.client6)}/64 dev {CLIENT6} nodad"]


def _clients(topology: Topology) -> None:
    w = topology.world
    _ip(CLIENT4, [f"link set {OUT} up", f"address add {w.client4}/24 dev {OUT}", f"route add default via {_near(w.client4)}"])
    _ip(CLIENT6, [f"link set {OUT} up", f"address add {w.client6}/64 dev {OUT} nodad", f"route add ::/0 via {_near(w.client6)}"])


def _no_transit(topology: Topology) -> None:
    """The world carries nothing from site to site: what their own link does not carry is lost."""
    drops = []
    for a in topology.sites:
        for b in topology.sites:
            if a != b:
                drops += [f"ip saddr {a.network4} ip daddr {b.network4} drop", f"ip6 saddr {a.network6} ip6 daddr {b.network6} drop"]
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


def _wan_peer(site: Site) -> tuple[str, str]:
    return str(ipaddress.ip_address(site.wan4) - 1), str(ipaddress.ip_address(site.wan6) - 1)


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
