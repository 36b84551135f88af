"""The two sites' routers: FRR with BGP between them over the one link that can be cut (unnumbered, RFC 8950)."""

from __future__ import annotations

from pathlib import Path

from tests.lab.labkit import network
from tests.lab.labkit.topology import Site, Topology
from tests.lab.parts.router import Router

CONFIG = """frr defaults datacenter
log stdout
!
{statics}
!
interface {link}
 description link between the sites
 ipv6 nd ra-interval msec 200
!
router bgp {own}
 bgp router-id {id}
 no bgp ebgp-requires-policy
 timers bgp 1 3
 neighbor {link} interface remote-as external
 neighbor {link} timers connect 1
 !
 address-family ipv4 unicast
{networks4}
 exit-address-family
 !
 address-family ipv6 unicast
{networks6}
  neighbor {link} activate
 exit-address-family
!
line vty
!
"""


def of(stands: Topology, site: Site, folder: Path) -> Router:
    """The router of a site as a part."""
    four, six = ([p for p in site.prefixes if (":" in p) == later] for later in (False, True))
    statics = [f"ip route {p} blackhole 250" for p in four] + [f"ipv6 route {p} blackhole 250" for p in six]
    managed = [a.split("/")[0] for a in site.router_addresses]
    config = CONFIG.format(
        link=network.LINK, own=site.as_number, id=managed[0], statics="\n".join(statics),
        networks4="\n".join(f"  network {p}" for p in four), networks6="\n".join(f"  network {p}" for p in six),
    )  # fmt: skip
    return Router(folder, network.place_of_router(site), hostname=site.router, config=config, listen=managed, tied=False)
