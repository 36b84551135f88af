"""The two sites' routers: FRR with BGP between them over the one link that can be cut."""

from __future__ import annotations

from pathlib import Path

from tests.lab.labkit import network
from tests.lab.labkit.topology import Site, Topology
from tests.lab.parts.router import Router

CONFIG = """frr defaults traditional
log stdout
!
interface {link}
 description link between the sites
!
router bgp {own}
 bgp router-id {own4}
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 timers bgp 1 3
 neighbor {peer4} remote-as {other}
 neighbor {peer6} remote-as {other}
 !
 address-family ipv4 unicast
  network {network4}
  neighbor {peer4} activate
 exit-address-family
 !
 address-family ipv6 unicast
  network {network6}
  neighbor {peer6} activate
 exit-address-family
!
line vty
!
"""


def of(stands: Topology, site: Site, folder: Path) -> Router:
    """The router of a site as a part."""
    other = next(s for s in stands.sites if s.id != site.id)
    config = CONFIG.format(
        link=network.LINK, own=site.as_number, other=other.as_number, own4=site.gateway4, peer4=other.link4, peer6=other.link6,
        network4=site.network4, network6=site.network6,
    )  # fmt: skip
    place = network.place_of_router(site)
    return Router(folder, place, hostname=site.router, config=config, listen=(site.gateway4, site.gateway6), tied=False)
